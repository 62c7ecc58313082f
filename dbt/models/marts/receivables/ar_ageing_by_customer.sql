-- Grain: one row per customer and document currency with open items at the as-of date.
-- Amounts: document currency, `_base` the ledger's (null where the customer's ledgers
-- keep different ones), `_reporting` the company's. The sum of the customer's
-- ar_ageing.
with ageing as (
    select * from {{ ref('ar_ageing') }}
),

customers as (
    select
        customer_id,
        customer_name
    from {{ ref('int_customers') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

summed as (
    select
        customer_id,
        currency,
        min(group_id) as group_id,
        case when min(base_currency) = max(base_currency) then min(base_currency) end
            as base_currency,
        {{ ageing_of_rows() }}
        max(oldest_days) as oldest_days,
        cast(count(*) as integer) as accounts,
        cast(sum(open_items) as integer) as open_items,
        max(last_payment_date) as last_payment_date,
        bool_or(is_live_balance) as is_live_balance,
        min(live_balance_date) as live_balance_date,
        case
            when bool_or(not is_reconciled) then false
            when count(is_reconciled) = count(*) then true
        end as is_reconciled,
        bool_or(is_rate_missing) as is_rate_missing
    from ageing
    group by customer_id, currency
),

-- What came in on the last day, over the accounts that paid on it.
last_payments as (
    select
        ageing.customer_id,
        ageing.currency,
        sum(ageing.last_payment_amount) as last_payment_amount
    from ageing
    inner join summed
        on ageing.customer_id = summed.customer_id
            and ageing.currency = summed.currency
            and ageing.last_payment_date = summed.last_payment_date
    group by ageing.customer_id, ageing.currency
)

select
    summed.customer_id,
    customers.customer_name,
    summed.group_id,
    summed.currency,
    summed.base_currency,
    run_context.reporting_currency,
    {{ ageing_columns('summed') }}
    summed.oldest_days,
    summed.accounts,
    summed.open_items,
    summed.last_payment_date,
    {{ money('last_payments.last_payment_amount') }} as last_payment_amount,
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
left join customers on summed.customer_id = customers.customer_id
left join last_payments
    on summed.customer_id = last_payments.customer_id
        and summed.currency = last_payments.currency
