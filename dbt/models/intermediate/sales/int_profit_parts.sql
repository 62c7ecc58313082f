-- Grain: one row per fact that makes or costs a customer's profit: its term, its day
-- and its amount in reporting currency at that day; null where there is no rate.
-- Sales stand on the customer of the ordering account, what is paid or written off on
-- that of the account that owes it, service costs on that of their account.
with run_context as (
    select
        as_of_date,
        reporting_currency
    from {{ ref('stg_run_context') }}
),

account_customer as (
    select * from {{ ref('int_account_customer') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

sales as (
    select * from {{ ref('int_sales_documents') }}
),

spent as (
    select
        costs.account_key,
        accounts.entity_key,
        accounts.base_currency,
        case when costs.contract_id is null then 'other_service_cost'
            else 'contract_service_cost'
        end as term,
        costs.cost_date as term_date,
        costs.amount as amount_base
    from {{ ref('stg_erp_service_cost') }} as costs
    inner join run_context on costs.cost_date <= run_context.as_of_date
    inner join accounts on costs.account_key = accounts.account_key
    union all
    select
        document_account_key as account_key,
        entity_key,
        base_currency,
        'discounts_taken' as term,
        payment_date as term_date,
        discount_taken_base as amount_base
    from {{ ref('payment_history') }}
    where discount_taken_base <> 0
    union all
    select
        account_key,
        entity_key,
        base_currency,
        'write_offs' as term,
        posting_date as term_date,
        -effect_base as amount_base
    from {{ ref('int_documents') }}
    where document_type = 'write_off'
        and exists_at_as_of
)

select
    customer_id,
    entity_key,
    sale_date as term_date,
    'net_sales' as term,
    net_reporting as amount_reporting
from sales
union all
select
    customer_id,
    entity_key,
    sale_date as term_date,
    'costed_sales' as term,
    costed_net_reporting as amount_reporting
from sales
where margin_base is not null
union all
select
    customer_id,
    entity_key,
    sale_date as term_date,
    'margin' as term,
    margin_reporting as amount_reporting
from sales
where margin_base is not null
union all
select
    customer_id,
    entity_key,
    returned_on as term_date,
    'returns_value' as term,
    value_reporting as amount_reporting
from {{ ref('return_history') }}
union all
select
    account_customer.customer_id,
    spent.entity_key,
    spent.term_date,
    spent.term,
    {{ convert('spent.amount_base', 'rates.rate') }} as amount_reporting
from spent
cross join run_context
inner join account_customer on spent.account_key = account_customer.account_key
left join {{ ref('int_rates_of_days') }} as rates
    on spent.base_currency = rates.from_currency
        and run_context.reporting_currency = rates.to_currency
        and spent.term_date = rates.day
