-- Grain: one row per CRM order. Source: landed.crm_order.
select
    landed.*,
    {{ key_of('order_id') }} as order_key,
    {{ key_of('company_id') }} as company_key,
    {{ key_of('quote_id') }} as quote_key
from {{ source('landed', 'crm_order') }} as landed
