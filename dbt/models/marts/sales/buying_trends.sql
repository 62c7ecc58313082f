-- Grain: one row per customer, item group and month in which anything of the group was
-- invoiced or credited, and always one for the month of the as-of date.
-- Amounts: net less credit notes, at the document date, in reporting currency and in
-- base currency (`_base`). What is said of the customer and the item group as of the
-- as-of date, from value_12m on, is the same in each of their rows.
with buying_months as (
    select * from {{ ref('int_buying_months') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
)

select
    buying_months.customer_id,
    customers.customer_name,
    customers.group_id,
    nullif(buying_months.item_group, '') as item_group,
    buying_months.month,
    {{ month_end('buying_months.month') }} <= run_context.as_of_date
        as is_month_complete,
    buying_months.quantity,
    buying_months.uom,
    buying_months.value_reporting,
    run_context.reporting_currency,
    buying_months.value_base,
    buying_months.base_currency,
    buying_months.orders,
    buying_months.purchase_days,
    seasons.seasonal_index,
    rhythm.value_12m as value_12m_reporting,
    rhythm.value_prior_12m as value_prior_12m_reporting,
    {{ growth('rhythm.value_12m', 'rhythm.value_prior_12m') }} as growth_12m,
    slopes.trend_reporting,
    rhythm.first_purchase_date,
    rhythm.last_purchase_date,
    rhythm.purchase_days as purchase_days_ever,
    rhythm.median_interval_days,
    rhythm.expected_next_order,
    rhythm.is_lapsed,
    buying_months.unknown_sales,
    run_context.as_of_date,
    run_context.is_forced
from buying_months
cross join run_context
inner join {{ ref('int_customers') }} as customers
    on buying_months.customer_id = customers.customer_id
inner join {{ ref('int_buying_rhythm') }} as rhythm
    on buying_months.customer_id = rhythm.customer_id
        and buying_months.item_group = rhythm.item_group
left join {{ ref('int_buying_slopes') }} as slopes
    on buying_months.customer_id = slopes.customer_id
        and buying_months.item_group = slopes.item_group
left join {{ ref('int_buying_seasons') }} as seasons
    on buying_months.customer_id = seasons.customer_id
        and buying_months.item_group = seasons.item_group
        and cast(extract(month from buying_months.month) as integer)
        = seasons.calendar_month
