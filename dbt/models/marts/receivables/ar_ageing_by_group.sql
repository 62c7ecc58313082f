-- Grain: one row per group and document currency with open items at the as-of date.
-- Amounts: document currency, `_base` the ledger's (null where the group's ledgers keep
-- different ones), `_reporting` the company's. The sum of its ar_ageing_by_customer.
with ageing as (
    select * from {{ ref('ar_ageing_by_customer') }}
),

customers as (
    select
        group_id,
        min(group_name) as group_name
    from {{ ref('int_customers') }}
    group by group_id
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

summed as (
    select
        group_id,
        currency,
        case when min(base_currency) = max(base_currency) then min(base_currency) end
            as base_currency,
        {{ ageing_of_rows() }}
        max(oldest_days) as oldest_days,
        cast(count(*) as integer) as customers,
        cast(sum(accounts) as integer) as accounts,
        cast(sum(open_items) as integer) as open_items,
        bool_or(is_live_balance) as is_live_balance,
        min(live_balance_date) as live_balance_date,
        case
            when bool_or(not is_reconciled) then false
            when count(is_reconciled) = count(*) then true
        end as is_reconciled,
        bool_or(is_rate_missing) as is_rate_missing
    from ageing
    group by group_id, currency
)

select
    summed.group_id,
    customers.group_name,
    summed.currency,
    summed.base_currency,
    run_context.reporting_currency,
    {{ ageing_columns('summed') }}
    summed.oldest_days,
    summed.customers,
    summed.accounts,
    summed.open_items,
    run_context.ageing_basis,
    run_context.ageing_credits,
    summed.is_live_balance,
    summed.live_balance_date,
    summed.is_reconciled,
    summed.is_rate_missing,
    run_context.as_of_date,
    run_context.is_forced
from summed
cross join run_context
left join customers on summed.group_id = customers.group_id
