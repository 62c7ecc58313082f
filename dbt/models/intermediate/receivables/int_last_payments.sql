-- Grain: one row per date of int_ageing_dates, account and currency that ever paid by
-- then.
-- The last day with a receipt and what came in on that day; amount positive.
with receipts as (
    select
        account_key,
        currency,
        document_date,
        exists_from,
        exists_until,
        sum(effect) as effect
    from {{ ref('int_documents') }}
    where document_type = 'receipt'
        and effect < 0
        and exists_from is not null
    group by account_key, currency, document_date, exists_from, exists_until
),

dates as (
    select as_of_date from {{ ref('int_ageing_dates') }}
),

by_day as (
    select
        dates.as_of_date,
        receipts.account_key,
        receipts.currency,
        receipts.document_date,
        -sum(receipts.effect) as amount
    from receipts
    inner join dates
        on receipts.exists_from <= dates.as_of_date
            and receipts.exists_until > dates.as_of_date
    group by
        dates.as_of_date,
        receipts.account_key,
        receipts.currency,
        receipts.document_date
),

last_days as (
    select
        as_of_date,
        account_key,
        currency,
        max(document_date) as document_date
    from by_day
    group by as_of_date, account_key, currency
)

select
    by_day.as_of_date,
    by_day.account_key,
    by_day.currency,
    by_day.document_date as last_payment_date,
    {{ money('by_day.amount') }} as last_payment_amount
from by_day
inner join last_days
    on by_day.as_of_date = last_days.as_of_date
        and by_day.account_key = last_days.account_key
        and by_day.currency = last_days.currency
        and by_day.document_date = last_days.document_date
