-- Grain: one row per ledger company, control account, currency and day. Source:
-- landed.erp_gl_control_balance.
select
    landed.*,
    {{ key_of('entity_id') }} as entity_key
from {{ source('landed', 'erp_gl_control_balance') }} as landed
