-- Grain: one row per company and ledger company. Source: landed.account_approval.
select
    landed.*,
    {{ key_of('company_id', 'company_source') }} as company_key,
    {{ key_of('entity_id', 'erp_source') }} as entity_key
from {{ source('landed', 'account_approval') }} as landed
