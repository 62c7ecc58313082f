-- Grain: one row per customer account: whom letters and statements go to.
-- Postal address: the account's own, else that of the customer's company in the CRM;
-- its lines are never taken from both. Person: the CRM's contact for accounts, of the
-- surviving company first, one with a mail address first. An opt-out is of marketing:
-- it stops no letter. Mail and phone: the person's, else the account's, the company's.
{%- set lines = [
    'address_line1', 'address_line2', 'city', 'region', 'postcode', 'country_code',
] %}
with accounts as (
    select * from {{ ref('int_accounts') }}
),

account as (
    select
        *,
        address_line1 is not null
        or city is not null
        or postcode is not null as has_address
    from {{ ref('stg_erp_account') }}
),

account_customer as (
    select * from {{ ref('int_account_customer') }}
),

customers as (
    select * from {{ ref('int_customers') }}
),

company as (
    select
        *,
        address_line1 is not null
        or city is not null
        or postcode is not null as has_address
    from {{ ref('stg_crm_company') }}
),

ranked as (
    select
        companies.customer_id,
        contact.contact_id,
        {{ text_or_null("coalesce(contact.first_name, '') || ' '
            || coalesce(contact.last_name, '')") }} as contact_name,
        contact.email,
        contact.phone,
        row_number() over (
            partition by companies.customer_id
            order by
                case
                    when companies.company_key = companies.surviving_company_key then 0
                    else 1
                end,
                case when contact.email is not null then 0 else 1 end,
                contact.contact_key
        ) as choice
    from {{ ref('stg_crm_contact') }} as contact
    inner join {{ ref('int_company_customer') }} as companies
        on contact.company_key = companies.company_key
    where contact.is_accounts_contact
),

persons as (
    select * from ranked
    where choice = 1
),

records as (
    select * from {{ ref('int_customer_records') }}
)

select
    accounts.account_key,
    accounts.source,
    accounts.account_id,
    accounts.account_code,
    accounts.account_name,
    coalesce({{ text_or_null('account.legal_name') }}, accounts.account_name)
        as addressee,
    accounts.account_type,
    accounts.settlement,
    accounts.deleted_on,
    accounts.salesperson_code,
    accounts.entity_key,
    accounts.entity_name,
    accounts.base_currency,
    account_customer.customer_id,
    customers.customer_name,
    account_customer.group_id,
    customers.group_name,
    company.source as crm_source,
    company.company_id,
    persons.contact_id,
    persons.contact_name,
    coalesce(persons.email, account.email, company.email) as contact_email,
    coalesce(persons.phone, account.phone, company.phone) as contact_phone,
    {%- for line in lines %}
    case when account.has_address then account.{{ line }} else company.{{ line }} end
        as {{ line }},
    {%- endfor %}
    case
        when account.has_address then account.source
        when company.has_address then company.source
    end as address_source,
    records.owner_name
from accounts
inner join account on accounts.account_key = account.account_key
inner join account_customer on accounts.account_key = account_customer.account_key
inner join customers on account_customer.customer_id = customers.customer_id
left join company on customers.company_key = company.company_key
left join persons on account_customer.customer_id = persons.customer_id
left join records on account_customer.customer_id = records.customer_id
