-- Grain: one row per shipment line. Source: landed.erp_shipment_line.
select
    landed.*,
    {{ key_of('shipment_line_id') }} as shipment_line_key,
    {{ key_of('shipment_id') }} as shipment_key,
    {{ key_of('order_line_id') }} as order_line_key,
    {{ key_of('item_id') }} as item_key
from {{ source('landed', 'erp_shipment_line') }} as landed
