-- Grain: one row per date of int_ageing_dates, account and document currency with open
-- items then.
-- Amounts: document currency, `_base` the ledger's, `_reporting` the company's.
-- Outstanding = the buckets + unallocated_credit. Disputed stands inside the buckets.
with items as (
    select * from {{ ref('int_item_figures') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

account_customer as (
    select
        account_key,
        customer_id,
        group_id
    from {{ ref('int_account_customer') }}
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
        as_of_date,
        is_current,
        is_month_end,
        account_key,
        currency,
        case when min(base_currency) = max(base_currency) then min(base_currency) end
            as base_currency,
        {{ ageing_of_items() }}
        coalesce(max(case when overdue > 0 then days_overdue end), 0) as oldest_days,
        cast(count(*) as integer) as open_items,
        bool_or(is_live_balance) as is_live_balance,
        max(live_balance_date) as live_balance_date,
        bool_or(is_rate_missing) as is_rate_missing
    from items
    group by as_of_date, is_current, is_month_end, account_key, currency
)

select
    summed.is_current,
    summed.is_month_end,
    accounts.source,
    summed.account_key,
    accounts.account_code,
    accounts.account_name,
    accounts.entity_key,
    account_customer.customer_id,
    account_customer.group_id,
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
    summed.as_of_date,
    case
        when summed.is_current then run_context.is_forced
        else summed.as_of_date > run_context.default_as_of_date
    end as is_forced
from summed
cross join run_context
inner join accounts on summed.account_key = accounts.account_key
inner join account_customer on summed.account_key = account_customer.account_key
left join last_payments
    on summed.as_of_date = last_payments.as_of_date
        and summed.account_key = last_payments.account_key
        and summed.currency = last_payments.currency
left join reconciliation
    on summed.as_of_date = reconciliation.as_of_date
        and summed.account_key = reconciliation.account_key
        and summed.currency = reconciliation.currency
