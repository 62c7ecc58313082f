-- Grain: one row per shipment line. Source: erp_shipment, erp_shipment_line.
-- A line that does not name its order line belongs to the line of its order with the
-- same item, where the order has exactly one such line; else to none alone.
with shipment as (
    select * from {{ ref('stg_erp_shipment') }}
),

shipment_line as (
    select * from {{ ref('stg_erp_shipment_line') }}
),

sole_lines as (
    select * from {{ ref('int_order_item_lines') }}
    where lines_of_item = 1
)

select
    shipment_line.shipment_line_key,
    shipment_line.shipment_key,
    shipment_line.source,
    coalesce(shipment_line.order_line_key, sole_lines.order_line_key) as order_line_key,
    shipment.order_key,
    shipment_line.item_key,
    shipment.account_key,
    shipment.shipped_on,
    shipment_line.qty
from shipment_line
inner join shipment on shipment_line.shipment_key = shipment.shipment_key
left join sole_lines
    on shipment.order_key = sole_lines.order_key
        and shipment_line.item_key = sole_lines.item_key
