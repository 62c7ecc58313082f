-- Grain: one row per ledger company and period. Source: landed.erp_fiscal_period.
select
    landed.*,
    {{ key_of('entity_id') }} as entity_key
from {{ source('landed', 'erp_fiscal_period') }} as landed
