-- Grain: one row per document that names a service contract the CRM knows.
with documents as (
    select * from {{ ref('stg_erp_ar_document') }}
    where contract_id is not null
),

contracts as (
    select * from {{ ref('int_front_references') }}
    where kind = 'contract'
)

select
    documents.document_key,
    contracts.record_key as contract_key
from documents
inner join contracts
    on documents.entity_key = contracts.entity_key
        and documents.contract_id = contracts.stated_id
