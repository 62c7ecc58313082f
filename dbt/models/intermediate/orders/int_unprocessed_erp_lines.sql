-- Grain: one row per ERP order line with a quantity to ship or to bill, and every
-- reason why it waits (`waits_...`). Amounts: document currency, `_base` in base
-- currency.
-- A hold, a due date and a supplier keep back what is to be delivered: goods to ship
-- and services that are not due yet. Goods that are shipped, and services that are due,
-- wait to be invoiced; goods that are shipped are invoiced whatever the hold.
with order_lines as (
    select * from {{ ref('int_order_lines') }}
    where qty_to_ship > 0
        or qty_to_bill > 0
),

orders as (
    select * from {{ ref('int_orders') }}
),

account_customer as (
    select * from {{ ref('int_account_customer') }}
),

stock as (
    select * from {{ ref('int_order_line_stock') }}
),

item as (
    select * from {{ ref('stg_erp_item') }}
),

holds as (
    select * from {{ ref('int_account_hold') }}
),

mismatches as (
    select distinct record_key
    from {{ ref('int_list_mismatches') }}
    where record_type = 'erp_order'
        and is_blocking
)

select
    'erp_order' as record_type,
    order_lines.order_key as record_key,
    order_lines.order_line_key as line_key,
    order_lines.source,
    orders.order_no,
    order_lines.line_no,
    order_lines.status,
    account_customer.customer_id,
    order_lines.ordering_account_key as account_key,
    order_lines.bill_to_account_key,
    order_lines.entity_key,
    orders.salesperson_code,
    orders.order_date,
    order_lines.due_date,
    item.item_code,
    order_lines.description,
    order_lines.uom,
    order_lines.fulfilment_type,
    order_lines.qty_ordered,
    order_lines.qty_cancelled,
    order_lines.qty_shipped,
    order_lines.qty_invoiced,
    order_lines.qty_to_ship,
    case
        when order_lines.fulfilment_type <> 'stock' or order_lines.qty_to_ship = 0
            or not item.is_stock then {{ qty('0') }}
        else stock.qty_back_ordered
    end as qty_back_ordered,
    order_lines.qty_to_bill,
    order_lines.qty_over_delivered,
    order_lines.is_closed_short,
    order_lines.currency,
    order_lines.base_currency,
    orders.order_total,
    orders.order_total_base,
    order_lines.open_net,
    order_lines.open_net_base,
    order_lines.is_unpriced,
    order_lines.shipped_basis,
    order_lines.invoiced_basis,
    order_lines.quantity_basis,
    stock.stock_date,
    coalesce({{ hold_stops('holds', 'orders', 'order_lines') }}, false)
        as waits_credit_hold,
    order_lines.status = 'on_hold' as waits_order_hold,
    coalesce(stock.qty_back_ordered > 0, false) as waits_no_stock,
    mismatches.record_key is not null as waits_list_mismatch,
    false as waits_not_handed_over,
    order_lines.is_draft as waits_awaiting_approval,
    coalesce(order_lines.due_date > order_lines.as_of_date, false)
    and order_lines.is_to_deliver as waits_due_later,
    order_lines.fulfilment_type = 'drop_ship'
    and order_lines.qty_to_ship > 0 as waits_awaiting_supplier,
    not order_lines.is_draft
    and (
        order_lines.qty_shipped_not_invoiced > 0
        or order_lines.is_service_to_bill
    ) as waits_to_be_invoiced
from order_lines
inner join orders on order_lines.order_key = orders.order_key
inner join account_customer
    on order_lines.ordering_account_key = account_customer.account_key
left join stock on order_lines.order_line_key = stock.order_line_key
left join item on order_lines.item_key = item.item_key
left join holds on order_lines.bill_to_account_key = holds.account_key
left join mismatches on order_lines.order_key = mismatches.record_key
