-- Grain: one row per dispute of a document. Source: landed.erp_dispute.
select
    landed.*,
    {{ key_of('dispute_id') }} as dispute_key,
    {{ key_of('document_id') }} as document_key
from {{ source('landed', 'erp_dispute') }} as landed
