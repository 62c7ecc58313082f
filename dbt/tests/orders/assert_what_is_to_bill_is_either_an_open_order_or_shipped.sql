-- The exposure counts each quantity that is still to bill once: as an open order or as
-- shipped and not invoiced. Where nothing says what was billed, nothing is to bill.
select
    order_line_key,
    qty_to_bill,
    qty_open_order,
    qty_shipped_not_invoiced
from {{ ref('int_order_line_balances') }}
where invoiced_basis <> 'unknown'
    and fulfilment_type <> 'service'
    and qty_to_bill <> qty_open_order + qty_shipped_not_invoiced
