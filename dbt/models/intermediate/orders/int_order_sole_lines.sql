-- Grain: one row per order and item that stands on exactly one line of the order.
-- What names an order and an item, but no order line, can only mean that line.
select
    order_key,
    item_key,
    min(order_line_key) as order_line_key
from {{ ref('stg_erp_sales_order_line') }}
where item_key is not null
group by order_key, item_key
having count(*) = 1
