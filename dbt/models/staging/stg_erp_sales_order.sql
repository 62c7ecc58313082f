-- Grain: one row per ERP order. Source: landed.erp_sales_order.
select
    landed.*,
    {{ key_of('order_id') }} as order_key,
    {{ key_of('entity_id') }} as entity_key,
    {{ key_of('account_id') }} as account_key,
    {{ key_of('bill_to_account_id') }} as bill_to_account_key
from {{ source('landed', 'erp_sales_order') }} as landed
