-- Grain: one row per document and instalment. Source: landed.erp_ar_installment.
select
    landed.*,
    {{ key_of('document_id') }} as document_key
from {{ source('landed', 'erp_ar_installment') }} as landed
