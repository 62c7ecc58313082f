select
    order_line_key,
    qty_cancelled,
    qty_shipped,
    qty_invoiced,
    qty_returned,
    qty_to_ship,
    qty_to_bill
from {{ ref('int_order_lines') }}
where qty_cancelled < 0
    or qty_shipped < 0
    or qty_invoiced < 0
    or qty_returned < 0
    or qty_to_ship < 0
    or qty_to_bill < 0
    or qty_returned_uninvoiced < 0
    or qty_shipped_not_invoiced < 0
