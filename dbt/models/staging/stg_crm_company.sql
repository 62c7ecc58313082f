-- Grain: one row per CRM company. Source: landed.crm_company.
select
    landed.*,
    {{ key_of('company_id') }} as company_key,
    {{ key_of('parent_company_id') }} as parent_company_key,
    {{ key_of('merged_into_company_id') }} as merged_into_company_key
from {{ source('landed', 'crm_company') }} as landed
