-- Grain: one row per customer with a company: its people, activities and answers to
-- campaigns at the as-of date.
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

-- Of answers on one day the campaign with the greater key is named.
answers as (
    select
        responses.customer_id,
        responses.responded_on,
        campaigns.name as campaign_name,
        row_number() over (
            partition by responses.customer_id
            order by responses.responded_on desc, responses.campaign_key desc
        ) as place
    from {{ ref('int_campaign_responses') }} as responses
    inner join {{ ref('stg_crm_campaign') }} as campaigns
        on responses.campaign_key = campaigns.campaign_key
    where responses.customer_id is not null
        and responses.responded_on is not null
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
    answers.responded_on as last_campaign_response_on,
    answers.campaign_name as last_campaign_name
from customers
left join people on customers.customer_id = people.customer_id
left join activities on customers.customer_id = activities.customer_id
left join answers
    on customers.customer_id = answers.customer_id
        and answers.place = 1
