-- Grain: one row per customer that ever paid by the as-of date, whether it owes
-- anything or not.
-- Its last day with a receipt and all that came in on it, over its bill-to accounts.
-- Amount: reporting currency, at the last rate on or before that day; null where a part
-- of it has no rate.
with run_context as (
    select
        as_of_date,
        reporting_currency
    from {{ ref('stg_run_context') }}
),

last_payments as (
    select * from {{ ref('int_last_payments') }}
),

account_customer as (
    select * from {{ ref('int_account_customer') }}
),

rates as (
    select * from {{ ref('int_rates_of_days') }}
),

paid as (
    select
        account_customer.customer_id,
        last_payments.last_payment_date,
        last_payments.last_payment_amount,
        last_payments.currency,
        run_context.reporting_currency,
        max(last_payments.last_payment_date) over (
            partition by account_customer.customer_id
        ) as last_day
    from last_payments
    inner join run_context on last_payments.as_of_date = run_context.as_of_date
    inner join account_customer
        on last_payments.account_key = account_customer.account_key
),

converted as (
    select
        paid.customer_id,
        paid.last_day,
        {{ convert('paid.last_payment_amount', 'rates.rate') }} as amount_reporting
    from paid
    left join rates
        on paid.currency = rates.from_currency
            and paid.reporting_currency = rates.to_currency
            and paid.last_day = rates.day
    where paid.last_payment_date = paid.last_day
)

select
    customer_id,
    last_day as last_payment_date,
    {{ money(known_sum('amount_reporting')) }} as last_payment_reporting
from converted
group by customer_id, last_day
