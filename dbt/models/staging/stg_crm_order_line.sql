-- Grain: one row per CRM order line. Source: landed.crm_order_line.
select
    landed.*,
    {{ key_of('order_line_id') }} as order_line_key,
    {{ key_of('order_id') }} as order_key
from {{ source('landed', 'crm_order_line') }} as landed
