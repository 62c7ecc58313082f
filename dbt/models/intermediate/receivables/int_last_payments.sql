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

last_days as (
    select
        dates.as_of_date,
        receipts.account_key,
        receipts.currency,
        max(receipts.document_date) as document_date
    from receipts
    inner join dates
        on receipts.exists_from <= dates.as_of_date
            and receipts.exists_until > dates.as_of_date
    group by dates.as_of_date, receipts.account_key, receipts.currency
)

select
    last_days.as_of_date,
    last_days.account_key,
    last_days.currency,
    last_days.document_date as last_payment_date,
    {{ money('-sum(receipts.effect)') }} as last_payment_amount
from last_days
inner join receipts
    on last_days.account_key = receipts.account_key
        and last_days.currency = receipts.currency
        and last_days.document_date = receipts.document_date
        and last_days.as_of_date >= receipts.exists_from
        and last_days.as_of_date < receipts.exists_until
group by
    last_days.as_of_date,
    last_days.account_key,
    last_days.currency,
    last_days.document_date
