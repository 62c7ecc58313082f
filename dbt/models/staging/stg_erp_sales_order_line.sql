-- Grain: one row per ERP order line. Source: landed.erp_sales_order_line.
select
    landed.*,
    {{ key_of('order_line_id') }} as order_line_key,
    {{ key_of('order_id') }} as order_key,
    {{ key_of('item_id') }} as item_key
from {{ source('landed', 'erp_sales_order_line') }} as landed
