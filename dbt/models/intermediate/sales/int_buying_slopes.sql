-- Grain: one row per customer and item group that bought in at least six of the last
-- twelve whole months, all of them known.
-- The trend of its monthly value: the median of the slopes between any two of the
-- twelve months (Theil and Sen), so that one large order does not make a trend.
-- Reporting currency a month, rounded half away from zero.
with buying_months as (
    select * from {{ ref('int_buying_months') }}
),

run_context as (
    select {{ add_months(month_start(add_days('as_of_date', 1)), -12) }} as first_month
    from {{ ref('stg_run_context') }}
),

recent as (
    select
        buying_months.customer_id,
        buying_months.item_group,
        {{ months_between('run_context.first_month', 'buying_months.month') }}
            as month_no,
        buying_months.value_reporting,
        buying_months.purchase_days
    from buying_months
    cross join run_context
    where {{ months_between('run_context.first_month', 'buying_months.month') }}
        between 0 and 11
),

regular as (
    select
        customer_id,
        item_group
    from recent
    group by customer_id, item_group
    having count(case when purchase_days > 0 then 1 end) >= 6
        and count(*) = count(value_reporting)
),

month_numbers as (
    select unnest(range(0, 12)) as month_no
),

filled as (
    select
        regular.customer_id,
        regular.item_group,
        month_numbers.month_no,
        coalesce(recent.value_reporting, 0) as value_reporting
    from regular
    cross join month_numbers
    left join recent
        on regular.customer_id = recent.customer_id
            and regular.item_group = recent.item_group
            and month_numbers.month_no = recent.month_no
),

slopes as (
    select
        earlier.customer_id,
        earlier.item_group,
        {{ twice_median(whole_slope(
            'earlier.value_reporting',
            'later.value_reporting',
            '(later.month_no - earlier.month_no)'
        )) }} as twice_slope
    from filled as earlier
    inner join filled as later
        on earlier.customer_id = later.customer_id
            and earlier.item_group = later.item_group
            and earlier.month_no < later.month_no
    group by earlier.customer_id, earlier.item_group
)

select
    customer_id,
    item_group,
    {{ slope_amount('twice_slope') }} as trend_reporting
from slopes
