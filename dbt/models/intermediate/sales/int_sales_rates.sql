-- Grain: one row per base currency and day on which an invoice or a sold order is dated
-- and a rate to the reporting currency is known: the last one on or before that day.
-- A rate is looked up once per currency and day, not once per document.
with days as (
    select
        base_currency,
        document_date
    from {{ ref('int_invoices') }}
    union
    select
        base_currency,
        order_date as document_date
    from {{ ref('int_order_sales') }}
),

run_context as (
    select reporting_currency from {{ ref('stg_run_context') }}
)

select
    days.base_currency,
    days.document_date,
    run_context.reporting_currency,
    fx_rates.rate
from days
cross join run_context
inner join {{ ref('int_fx_rates') }} as fx_rates
    on days.base_currency = fx_rates.from_currency
        and run_context.reporting_currency = fx_rates.to_currency
        and days.document_date >= fx_rates.valid_from
        and days.document_date < fx_rates.valid_until
