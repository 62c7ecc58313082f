-- Grain: one row per promise to pay. Source: landed.erp_promise.
select
    landed.*,
    {{ key_of('promise_id') }} as promise_key,
    {{ key_of('account_id') }} as account_key,
    {{ key_of('document_id') }} as document_key
from {{ source('landed', 'erp_promise') }} as landed
