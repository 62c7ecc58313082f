-- Grain: one row per item and warehouse. Source: landed.erp_stock.
select
    landed.*,
    {{ key_of('item_id') }} as item_key
from {{ source('landed', 'erp_stock') }} as landed
