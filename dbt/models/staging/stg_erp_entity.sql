-- Grain: one row per ledger company. Source: landed.erp_entity.
select
    landed.*,
    {{ key_of('entity_id') }} as entity_key
from {{ source('landed', 'erp_entity') }} as landed
