-- Grain: one row per customer, item group and calendar month, where the sales of the
-- group go back two whole years or more and both of the last two have purchases in at
-- least three months.
-- Seasonal index: the share of that month in the sales of the last whole years, times
-- twelve: 1 is a month like any other. The years end with the last whole month. A
-- calendar month with more credited than sold counts as nothing.
with buying_months as (
    select * from {{ ref('int_buying_months') }}
    where orders > 0
        or value_reporting is null
        or value_reporting <> 0
),

run_context as (
    select {{ month_start(add_days('as_of_date', 1)) }} as end_month
    from {{ ref('stg_run_context') }}
),

reaching as (
    select
        buying_months.customer_id,
        buying_months.item_group,
        {{ months_between('min(buying_months.month)', 'max(run_context.end_month)') }}
        // 12 * 12 as months
    from buying_months
    cross join run_context
    group by buying_months.customer_id, buying_months.item_group
    {%- for first, last in [(1, 12), (13, 24)] %}
    {{ 'and' if loop.index > 1 else 'having' }} count(case
        when buying_months.purchase_days > 0
            and {{ months_between('buying_months.month', 'run_context.end_month') }}
            between {{ first }} and {{ last }} then 1
    end) >= 3
    {%- endfor %}
),

in_years as (
    select
        buying_months.customer_id,
        buying_months.item_group,
        cast(extract(month from buying_months.month) as integer) as calendar_month,
        buying_months.value_reporting
    from buying_months
    cross join run_context
    inner join reaching
        on buying_months.customer_id = reaching.customer_id
            and buying_months.item_group = reaching.item_group
            and reaching.months >= 24
    where {{ months_between('buying_months.month', 'run_context.end_month') }}
        between 1 and reaching.months
),

by_calendar_month as (
    select
        customer_id,
        item_group,
        calendar_month,
        case when {{ known_sum('value_reporting') }} < 0 then 0
            else {{ known_sum('value_reporting') }}
        end as value_reporting
    from in_years
    group by customer_id, item_group, calendar_month
),

totals as (
    select
        customer_id,
        item_group,
        {{ known_sum('value_reporting') }} as value_reporting
    from by_calendar_month
    group by customer_id, item_group
),

calendar_months as (
    select unnest(range(1, 13)) as calendar_month
)

select
    totals.customer_id,
    totals.item_group,
    cast(calendar_months.calendar_month as integer) as calendar_month,
    {{ ratio(
        '12 * coalesce(by_calendar_month.value_reporting, 0)',
        'totals.value_reporting'
    ) }} as seasonal_index
from totals
cross join calendar_months
left join by_calendar_month
    on totals.customer_id = by_calendar_month.customer_id
        and totals.item_group = by_calendar_month.item_group
        and calendar_months.calendar_month = by_calendar_month.calendar_month
where totals.value_reporting > 0
