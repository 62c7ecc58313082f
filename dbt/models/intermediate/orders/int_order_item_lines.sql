-- Grain: one row per ERP order line that names an item.
-- What names an order and an item, but no order line, means these lines of the order:
-- the only one, else each by its share of what they order together.
select
    order_key,
    item_key,
    order_line_key,
    qty_ordered,
    {{ qty('sum(qty_ordered) over (partition by order_key, item_key)') }}
        as qty_of_item,
    count(*) over (partition by order_key, item_key) as lines_of_item
from {{ ref('stg_erp_sales_order_line') }}
where item_key is not null
