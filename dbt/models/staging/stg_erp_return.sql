-- Grain: one row per return. Source: landed.erp_return.
select
    landed.*,
    {{ key_of('return_id') }} as return_key,
    {{ key_of('account_id') }} as account_key,
    {{ key_of('order_id') }} as order_key,
    {{ key_of('credit_document_id') }} as credit_document_key
from {{ source('landed', 'erp_return') }} as landed
