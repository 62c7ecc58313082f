-- Grain: one row per CRM case. Source: landed.crm_case.
select
    landed.*,
    {{ key_of('case_id') }} as case_key,
    {{ key_of('company_id') }} as company_key,
    {{ key_of('contract_id') }} as contract_key
from {{ source('landed', 'crm_case') }} as landed
