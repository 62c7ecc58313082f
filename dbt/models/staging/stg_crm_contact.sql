-- Grain: one row per CRM person. Source: landed.crm_contact.
select
    landed.*,
    {{ key_of('contact_id') }} as contact_key,
    {{ key_of('company_id') }} as company_key
from {{ source('landed', 'crm_contact') }} as landed
