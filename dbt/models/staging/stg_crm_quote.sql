-- Grain: one row per CRM quote. Source: landed.crm_quote.
select
    landed.*,
    {{ key_of('quote_id') }} as quote_key,
    {{ key_of('company_id') }} as company_key,
    {{ key_of('contact_id') }} as contact_key,
    {{ key_of('opportunity_id') }} as opportunity_key
from {{ source('landed', 'crm_quote') }} as landed
