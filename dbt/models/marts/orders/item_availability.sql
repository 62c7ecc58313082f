-- Grain: one row per item and warehouse. Source: erp_stock, undated: the latest known.
-- Quantities: unit of the item. Whatever begins with `item_` is of all its warehouses
-- together, and the same on each of its rows.
with run_context as (
    select
        as_of_date,
        is_forced
    from {{ ref('stg_run_context') }}
),

stock as (
    select
        *,
        {{ floored('on_hand - coalesce(allocated, 0)') }} as qty_free
    from {{ ref('stg_erp_stock') }}
),

item as (
    select * from {{ ref('stg_erp_item') }}
),

codes as (
    select * from {{ ref('int_list_codes') }}
    where list_name = 'item'
),

waiting as (
    select
        order_lines.item_key,
        sum(order_lines.qty_to_ship) as qty_to_ship,
        sum(lines_stock.qty_back_ordered) as qty_back_ordered
    from {{ ref('int_order_lines') }} as order_lines
    inner join {{ ref('int_order_line_stock') }} as lines_stock
        on order_lines.order_line_key = lines_stock.order_line_key
    where not order_lines.is_draft
    group by order_lines.item_key
)

select
    run_context.as_of_date,
    stock.source,
    stock.item_key,
    item.item_code,
    item.name as item_name,
    item.item_group,
    item.uom,
    codes.is_active as is_sold,
    stock.warehouse,
    stock.on_hand,
    stock.allocated,
    stock.qty_free as free,
    stock.on_order,
    stock.lead_time_days,
    stock.load_date as stock_date,
    {{ days_between('stock.load_date', 'run_context.as_of_date') }} as stock_age_days,
    {{ qty('sum(stock.qty_free) over (partition by stock.item_key)') }} as item_free,
    {{ qty('coalesce(waiting.qty_to_ship, 0)') }} as item_to_ship,
    {{ qty('coalesce(waiting.qty_back_ordered, 0)') }} as item_back_ordered,
    run_context.is_forced
from stock
cross join run_context
left join item on stock.item_key = item.item_key
left join codes
    on item.source = codes.source
        and item.item_code = codes.code
left join waiting on stock.item_key = waiting.item_key
