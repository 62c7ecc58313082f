-- Grain: one row per letter that was sent and document it names.
-- document_no: null = nobody delivered such a document.
with named as (
    select
        event_key,
        document_source,
        {{ split_to_rows('documents') }} as document_id
    from {{ ref('int_dunning_events') }}
),

documents as (
    select * from {{ ref('int_documents') }}
)

select distinct
    named.event_key,
    {{ key_of('named.document_id', 'named.document_source') }} as document_key,
    named.document_id,
    documents.document_no,
    documents.currency
from named
left join documents
    on {{ key_of('named.document_id', 'named.document_source') }}
        = documents.document_key
where named.document_id <> ''
