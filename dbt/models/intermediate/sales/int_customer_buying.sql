-- Grain: one row per customer: what it is expected to order, what may be offered to it,
-- and what it left in the month of the as-of date and the eleven before.
-- Amount: reporting currency; null where the profit of one of these months is.
with run_context as (
    select
        as_of_date,
        {{ add_months(month_start('as_of_date'), -11) }} as first_month
    from {{ ref('stg_run_context') }}
),

-- A group that has lapsed is not expected any more.
rhythm as (
    select
        customer_id,
        min(case when not is_lapsed then expected_next_order end)
            as next_order_expected_on,
        count(case when is_lapsed then 1 end) as lapsed_item_groups
    from {{ ref('int_buying_rhythm') }}
    group by customer_id
),

suggestions as (
    select
        customer_id,
        count(*) as suggested_items
    from {{ ref('cross_sell') }}
    group by customer_id
),

profits as (
    select
        months.customer_id,
        {{ known_sum('months.profit_reporting') }} as profit_12m
    from {{ ref('customer_profitability') }} as months
    inner join run_context on months.month >= run_context.first_month
    group by months.customer_id
)

select
    customers.customer_id,
    rhythm.next_order_expected_on,
    cast(coalesce(rhythm.lapsed_item_groups, 0) as integer) as lapsed_item_groups,
    cast(coalesce(suggestions.suggested_items, 0) as integer) as suggested_items,
    {{ zero_unless('profits', 'profits.profit_12m') }} as profit_12m_reporting
from {{ ref('int_customers') }} as customers
left join rhythm on customers.customer_id = rhythm.customer_id
left join suggestions on customers.customer_id = suggestions.customer_id
left join profits on customers.customer_id = profits.customer_id
