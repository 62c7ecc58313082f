-- Grain: one row per service contract. Source: landed.crm_service_contract.
select
    landed.*,
    {{ key_of('contract_id') }} as contract_key,
    {{ key_of('company_id') }} as company_key
from {{ source('landed', 'crm_service_contract') }} as landed
