-- Grain: one row per CRM campaign. Source: landed.crm_campaign.
select
    landed.*,
    {{ key_of('campaign_id') }} as campaign_key,
    {{ key_of('parent_campaign_id') }} as parent_campaign_key
from {{ source('landed', 'crm_campaign') }} as landed
