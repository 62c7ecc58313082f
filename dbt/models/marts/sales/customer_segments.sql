-- Grain: one row per customer that ever purchased anything, at the as-of date.
-- Amounts: reporting currency, net of tax and freight less credit notes, at the
-- document date.
with segments as (
    select * from {{ ref('int_customer_segments') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
)

select
    segments.customer_id,
    customers.customer_name,
    customers.group_id,
    segments.segment,
    segments.recency_score,
    segments.frequency_score,
    segments.value_score,
    segments.recency_days,
    segments.purchase_days,
    segments.mean_value as mean_value_reporting,
    segments.sales_lifetime as sales_lifetime_reporting,
    run_context.reporting_currency,
    segments.first_purchase_date,
    segments.last_purchase_date,
    run_context.as_of_date,
    run_context.is_forced
from segments
cross join run_context
inner join {{ ref('int_customers') }} as customers
    on segments.customer_id = customers.customer_id
