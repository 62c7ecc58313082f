-- Grain: one row per return line. Source: landed.erp_return_line.
select
    landed.*,
    {{ key_of('return_line_id') }} as return_line_key,
    {{ key_of('return_id') }} as return_key,
    {{ key_of('item_id') }} as item_key,
    {{ key_of('shipment_line_id') }} as shipment_line_key
from {{ source('landed', 'erp_return_line') }} as landed
