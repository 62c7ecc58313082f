-- Grain: one row per date of int_ageing_dates and document of which something remains
-- then, in document currency or, as a difference of rates, in base currency alone.
-- Amounts are effects: debit positive, credit negative.
-- A live balance is of the day of its extract: no month end before it has one.
with periods as (
    select * from {{ ref('int_document_periods') }}
    where residual <> 0
        or residual_base <> 0
),

dates as (
    select * from {{ ref('int_ageing_dates') }}
),

documents as (
    select
        document_key,
        source,
        document_date,
        posting_date,
        due_date,
        dispute_id,
        load_date
    from {{ ref('int_documents') }}
)

select
    periods.document_key,
    dates.as_of_date,
    dates.is_current,
    dates.is_month_end,
    documents.source,
    periods.account_key,
    periods.currency,
    periods.base_currency,
    documents.document_date,
    documents.posting_date,
    documents.due_date,
    documents.dispute_id,
    periods.effect,
    periods.effect_base,
    periods.residual,
    periods.residual_base,
    periods.paid,
    periods.is_live_balance,
    case when periods.is_live_balance then documents.load_date end as live_balance_date
from periods
inner join dates
    on periods.valid_from <= dates.as_of_date
        and periods.valid_until > dates.as_of_date
inner join documents on periods.document_key = documents.document_key
where dates.is_current
    or not periods.is_live_balance
    or documents.load_date <= dates.as_of_date
