-- Grain: one row per CRM user. Source: landed.crm_user.
select
    landed.*,
    {{ key_of('user_id') }} as user_key
from {{ source('landed', 'crm_user') }} as landed
