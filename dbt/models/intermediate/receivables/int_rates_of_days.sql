-- Grain: one row per pair of currencies and day on which something happened, where a
-- rate is known then: the last one on or before that day. To base currencies and to the
-- reporting currency. A rate is looked up here once a day, not once a fact.
with run_context as (
    select * from {{ ref('stg_run_context') }}
),

days as (
    {%- for relation, day in [
        (ref('int_documents'), 'document_date'),
        (ref('int_documents'), 'posting_date'),
        (ref('int_order_sales'), 'order_date'),
        (ref('stg_erp_return'), 'returned_on'),
        (ref('stg_erp_service_cost'), 'cost_date'),
        (ref('stg_crm_campaign'), 'start_date'),
        (ref('stg_crm_opportunity'), 'close_date'),
        (ref('stg_run_context'), 'as_of_date'),
    ] %}
    select {{ day }} as day
    from {{ relation }}
    {{ 'union' if not loop.last }}
    {%- endfor %}
),

targets as (
    select base_currency as to_currency
    from {{ ref('stg_erp_entity') }}
    union
    select reporting_currency as to_currency
    from run_context
),

rates as (
    select fx_rates.*
    from {{ ref('int_fx_rates') }} as fx_rates
    inner join targets on fx_rates.to_currency = targets.to_currency
)

select
    rates.from_currency,
    rates.to_currency,
    days.day,
    rates.rate
from days
inner join rates
    on days.day >= rates.valid_from
        and days.day < rates.valid_until
