-- Grain: one row per CRM opportunity. Source: landed.crm_opportunity.
select
    landed.*,
    {{ key_of('opportunity_id') }} as opportunity_key,
    {{ key_of('company_id') }} as company_key,
    {{ key_of('campaign_id') }} as campaign_key
from {{ source('landed', 'crm_opportunity') }} as landed
