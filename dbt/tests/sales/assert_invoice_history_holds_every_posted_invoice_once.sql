select
    documents.document_key,
    count(invoice_history.document_key) as rows_found
from {{ ref('int_documents') }} as documents
left join {{ ref('invoice_history') }} as invoice_history
    on documents.document_key = invoice_history.document_key
where documents.exists_at_as_of
    and documents.document_type in ('invoice', 'credit_note')
group by documents.document_key
having count(invoice_history.document_key) <> 1
