-- Grain: one row per campaign and member. Source: landed.crm_campaign_member.
select
    landed.*,
    {{ key_of('campaign_id') }} as campaign_key,
    {{ key_of('company_id') }} as company_key,
    {{ key_of('contact_id') }} as contact_key
from {{ source('landed', 'crm_campaign_member') }} as landed
