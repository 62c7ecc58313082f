-- Grain: one row per item. Source: landed.erp_item.
select
    landed.*,
    {{ key_of('item_id') }} as item_key
from {{ source('landed', 'erp_item') }} as landed
