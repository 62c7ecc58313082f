-- Grain: one row per CRM quote line. Source: landed.crm_quote_line.
select
    landed.*,
    {{ key_of('quote_line_id') }} as quote_line_key,
    {{ key_of('quote_id') }} as quote_key
from {{ source('landed', 'crm_quote_line') }} as landed
