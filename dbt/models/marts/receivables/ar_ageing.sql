-- Grain: one row per account and document currency with open items at the as-of date.
-- Amounts: document currency, `_base` the ledger's, `_reporting` the company's.
-- Outstanding = the buckets + unallocated_credit. Disputed stands inside the buckets.
with open_items as (
    select * from {{ ref('ar_open_items') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

last_payments as (
    select * from {{ ref('int_last_payments') }}
),

reconciliation as (
    select * from {{ ref('int_account_reconciliation') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

summed as (
    select
        account_key,
        currency,
        min(source) as source,
        min(customer_id) as customer_id,
        min(group_id) as group_id,
        case when min(base_currency) = max(base_currency) then min(base_currency) end
            as base_currency,
        {{ ageing_of_items() }}
        coalesce(max(case when overdue > 0 then days_overdue end), 0) as oldest_days,
        cast(count(*) as integer) as open_items,
        bool_or(is_live_balance) as is_live_balance,
        max(live_balance_date) as live_balance_date,
        bool_or(is_rate_missing) as is_rate_missing
    from open_items
    group by account_key, currency
)

select
    summed.source,
    summed.account_key,
    accounts.account_code,
    accounts.account_name,
    accounts.entity_key,
    summed.customer_id,
    summed.group_id,
    summed.currency,
    summed.base_currency,
    run_context.reporting_currency,
    {{ ageing_columns('summed') }}
    summed.oldest_days,
    summed.open_items,
    last_payments.last_payment_date,
    last_payments.last_payment_amount,
    run_context.ageing_basis,
    run_context.ageing_credits,
    summed.is_live_balance,
    summed.live_balance_date,
    reconciliation.is_reconciled,
    summed.is_rate_missing,
    run_context.as_of_date,
    run_context.is_forced
from summed
cross join run_context
left join accounts on summed.account_key = accounts.account_key
left join last_payments
    on summed.account_key = last_payments.account_key
        and summed.currency = last_payments.currency
left join reconciliation
    on summed.account_key = reconciliation.account_key
        and summed.currency = reconciliation.currency
