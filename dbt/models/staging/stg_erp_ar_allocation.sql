-- Grain: one row per link of a debit and a credit document. Source:
-- landed.erp_ar_allocation.
select
    landed.*,
    {{ key_of('allocation_id') }} as allocation_key,
    {{ key_of('debit_document_id') }} as debit_document_key,
    {{ key_of('credit_document_id') }} as credit_document_key
from {{ source('landed', 'erp_ar_allocation') }} as landed
