select
    order_line_key,
    qty_to_ship,
    qty_back_ordered
from {{ ref('unprocessed_order_lines') }}
where qty_back_ordered > qty_to_ship
    or qty_back_ordered < 0
    or (leading_reason = 'no_stock' and qty_back_ordered = 0)
