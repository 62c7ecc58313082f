-- Grain: one row per shipment. Source: landed.erp_shipment.
select
    landed.*,
    {{ key_of('shipment_id') }} as shipment_key,
    {{ key_of('order_id') }} as order_key,
    {{ key_of('account_id') }} as account_key
from {{ source('landed', 'erp_shipment') }} as landed
