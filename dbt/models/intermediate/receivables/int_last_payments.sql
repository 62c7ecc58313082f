-- Grain: one row per account and currency that ever paid, at the as-of date.
-- The last day with a receipt and what came in on that day; amount positive.
with receipts as (
    select
        account_key,
        currency,
        document_date,
        effect
    from {{ ref('int_documents') }}
    where exists_at_as_of
        and document_type = 'receipt'
        and effect < 0
),

by_day as (
    select
        account_key,
        currency,
        document_date,
        -sum(effect) as amount,
        row_number() over (
            partition by account_key, currency
            order by document_date desc
        ) as days_back
    from receipts
    group by account_key, currency, document_date
)

select
    account_key,
    currency,
    document_date as last_payment_date,
    {{ money('amount') }} as last_payment_amount
from by_day
where days_back = 1
