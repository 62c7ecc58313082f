-- Grain: one row per line of a receivable document. Source:
-- landed.erp_ar_document_line.
select
    landed.*,
    {{ key_of('line_id') }} as line_key,
    {{ key_of('document_id') }} as document_key,
    {{ key_of('order_line_id') }} as order_line_key,
    {{ key_of('shipment_line_id') }} as shipment_line_key,
    {{ key_of('item_id') }} as item_key
from {{ source('landed', 'erp_ar_document_line') }} as landed
