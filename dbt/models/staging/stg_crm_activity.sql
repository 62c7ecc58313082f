-- Grain: one row per CRM activity. Source: landed.crm_activity.
select
    landed.*,
    {{ key_of('activity_id') }} as activity_key,
    {{ key_of('company_id') }} as company_key,
    {{ key_of('contact_id') }} as contact_key
from {{ source('landed', 'crm_activity') }} as landed
