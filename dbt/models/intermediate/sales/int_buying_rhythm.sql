-- Grain: one row per customer and item group that it was ever invoiced or credited.
-- How often it buys, and when it would next: the last purchase plus the median of the
-- days between its purchases, a half day going up. Known from three purchases on.
-- Lapsed: twice that median has passed without one.
-- Amounts: the twelve months up to the as-of date and the twelve before, net less
-- credit notes, reporting currency; null where a sale has no rate or no amount.
with sales as (
    select * from {{ ref('int_item_group_sales') }}
),

run_context as (
    select
        as_of_date,
        {{ add_months('as_of_date', -12) }} as year_ago,
        {{ add_months('as_of_date', -24) }} as two_years_ago
    from {{ ref('stg_run_context') }}
),

years as (
    select
        sales.customer_id,
        sales.item_group,
        {{ known_sum('sales.net_reporting', 'sales.sale_date > run_context.year_ago') }}
            as value_12m,
        {{ known_sum(
            'sales.net_reporting',
            'sales.sale_date > run_context.two_years_ago'
            ~ ' and sales.sale_date <= run_context.year_ago'
        ) }} as value_prior_12m
    from sales
    cross join run_context
    group by sales.customer_id, sales.item_group
),

purchase_days as (
    select distinct
        customer_id,
        item_group,
        sale_date
    from sales
    where is_purchase
),

spaced as (
    select
        customer_id,
        item_group,
        sale_date,
        {{ days_between(
            'lag(sale_date) over (
                partition by customer_id, item_group order by sale_date
            )',
            'sale_date'
        ) }} as days_since
    from purchase_days
),

rhythm as (
    select
        customer_id,
        item_group,
        min(sale_date) as first_purchase_date,
        max(sale_date) as last_purchase_date,
        count(*) as purchase_days,
        case when count(*) >= 3 then {{ twice_median('days_since') }}
        end as twice_median_days
    from spaced
    group by customer_id, item_group
)

select
    years.customer_id,
    years.item_group,
    {{ money('years.value_12m') }} as value_12m,
    {{ money('years.value_prior_12m') }} as value_prior_12m,
    rhythm.first_purchase_date,
    rhythm.last_purchase_date,
    cast(coalesce(rhythm.purchase_days, 0) as integer) as purchase_days,
    cast(rhythm.twice_median_days * cast(0.5 as decimal(2, 1)) as decimal(9, 1))
        as median_interval_days,
    {{ add_days(
        'rhythm.last_purchase_date', days_of_twice('rhythm.twice_median_days')
    ) }} as expected_next_order,
    {{ days_between('rhythm.last_purchase_date', 'run_context.as_of_date') }}
    > rhythm.twice_median_days as is_lapsed
from years
cross join run_context
left join rhythm
    on years.customer_id = rhythm.customer_id
        and years.item_group = rhythm.item_group
