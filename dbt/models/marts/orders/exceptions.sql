-- Grain: one row per thing that needs a person. Source: int_exceptions_....
-- Money at stake in the currency of the row and, at the last rate on or before the
-- as-of date, in reporting currency.
with run_context as (
    select * from {{ ref('stg_run_context') }}
),

found as (
    {%- for part in [
        'waiting', 'orders', 'trade', 'ledger', 'records', 'duplicates', 'collections',
        'service',
    ] %}
    select * from {{ ref('int_exceptions_' ~ part) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

customers as (
    select * from {{ ref('int_customers') }}
),

fx_rates as (
    select * from {{ ref('int_fx_as_of') }}
)

select
    run_context.as_of_date,
    md5(found.kind || '|' || found.record_key) as exception_id,
    found.kind,
    found.source,
    found.record_key,
    found.what,
    cast(found.since as date) as since,
    found.customer_id,
    customers.customer_name,
    found.amount,
    found.currency,
    {{ convert('found.amount', 'fx_rates.rate') }} as amount_reporting,
    run_context.reporting_currency,
    found.whose,
    found.where_to_look,
    run_context.is_forced
from found
cross join run_context
left join customers on found.customer_id = customers.customer_id
left join fx_rates
    on found.currency = fx_rates.from_currency
        and run_context.reporting_currency = fx_rates.to_currency
