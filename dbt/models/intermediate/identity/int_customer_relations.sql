-- Grain: one row per customer with a company: its people, activities, cases, contracts.
-- At the as-of date: a case is open from the day it was raised until it is solved, a
-- contract in force from its first to its last day. Contract values: reporting
-- currency, at the last rate on or before the as-of date; null where one has none.
with companies as (
    select * from {{ ref('int_company_customer') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

contacts as (
    select
        stated.contact_key,
        companies.customer_id,
        coalesce(stated.is_accounts_contact, false) as is_accounts_contact,
        {{ text_or_null("coalesce(stated.first_name, '') || ' '
            || coalesce(stated.last_name, '')") }} as contact_name,
        stated.email,
        row_number() over (
            partition by companies.customer_id
            order by
                case when stated.is_accounts_contact then 0 else 1 end,
                stated.contact_key
        ) as place
    from {{ ref('stg_crm_contact') }} as stated
    inner join companies on stated.company_key = companies.company_key
),

people as (
    select
        customer_id,
        count(*) as contacts,
        max(case when place = 1 and is_accounts_contact then contact_name end)
            as accounts_contact_name,
        max(case when place = 1 and is_accounts_contact then email end)
            as accounts_contact_email
    from contacts
    group by customer_id
),

-- An activity belongs to its company, else to that of the person it was held with.
activities as (
    select
        coalesce(companies.customer_id, contacts.customer_id) as customer_id,
        max(stated.at) as last_activity_at
    from {{ ref('stg_crm_activity') }} as stated
    cross join run_context
    left join companies on stated.company_key = companies.company_key
    left join contacts on stated.contact_key = contacts.contact_key
    where cast(stated.at as date) <= run_context.as_of_date
        and coalesce(companies.customer_id, contacts.customer_id) is not null
    group by coalesce(companies.customer_id, contacts.customer_id)
),

cases as (
    select
        customer_id,
        count(*) as open_cases,
        min(opened_on) as oldest_case_opened_on
    from {{ ref('int_cases') }}
    where is_open
        and customer_id is not null
    group by customer_id
),

contracts as (
    select
        customer_id,
        count(*) as contracts_in_force,
        {{ known_sum('value_reporting') }} as contracts_reporting,
        min(end_date) as next_contract_end
    from {{ ref('int_service_contracts') }}
    where state = 'in_cover'
    group by customer_id
),

customers as (
    select distinct customer_id
    from companies
)

select
    customers.customer_id,
    cast(coalesce(people.contacts, 0) as integer) as contacts,
    people.accounts_contact_name,
    people.accounts_contact_email,
    activities.last_activity_at,
    cast(coalesce(cases.open_cases, 0) as integer) as open_cases,
    cases.oldest_case_opened_on,
    cast(coalesce(contracts.contracts_in_force, 0) as integer) as contracts_in_force,
    {{ zero_unless('contracts', 'contracts.contracts_reporting') }}
        as contracts_reporting,
    contracts.next_contract_end
from customers
left join people on customers.customer_id = people.customer_id
left join activities on customers.customer_id = activities.customer_id
left join cases on customers.customer_id = cases.customer_id
left join contracts on customers.customer_id = contracts.customer_id
