-- Grain: one row per receivable document, draft or posted. Source:
-- landed.erp_ar_document.
select
    landed.*,
    {{ key_of('document_id') }} as document_key,
    {{ key_of('entity_id') }} as entity_key,
    {{ key_of('account_id') }} as account_key,
    {{ key_of('ordering_account_id') }} as ordering_account_key,
    {{ key_of('order_id') }} as order_key
from {{ source('landed', 'erp_ar_document') }} as landed
