-- Grain: one row per CRM company and the company it seems to be a duplicate of.
with pairs as (
    select * from {{ ref('int_duplicate_companies') }}
),

companies as (
    select
        companies.company_key,
        companies.company_name,
        companies.deleted_on,
        company_customer.customer_id
    from {{ ref('int_companies') }} as companies
    inner join {{ ref('int_company_customer') }} as company_customer
        on companies.company_key = company_customer.company_key
),

customers as (
    select
        customer_id,
        accounts
    from {{ ref('int_customers') }}
)

select
    pairs.company_key,
    duplicates.company_name,
    duplicates.customer_id,
    duplicate_customers.accounts,
    duplicates.deleted_on,
    pairs.survivor_key as suggested_survivor_key,
    survivors.company_name as suggested_survivor_name,
    survivors.customer_id as suggested_survivor_customer_id,
    survivor_customers.accounts as suggested_survivor_accounts,
    pairs.evidence,
    pairs.compared,
    cast(pairs.match_probability as decimal(5, 4)) as match_score
from pairs
inner join companies as duplicates on pairs.company_key = duplicates.company_key
inner join companies as survivors on pairs.survivor_key = survivors.company_key
inner join customers as duplicate_customers
    on duplicates.customer_id = duplicate_customers.customer_id
inner join customers as survivor_customers
    on survivors.customer_id = survivor_customers.customer_id
