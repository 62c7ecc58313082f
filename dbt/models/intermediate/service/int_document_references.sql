-- Grain: one row per document that names a service contract or a campaign the CRM
-- knows.
with documents as (
    select * from {{ ref('stg_erp_ar_document') }}
    where contract_id is not null
        or campaign_id is not null
),

front as (
    select * from {{ ref('int_front_references') }}
)

select
    documents.document_key,
    contracts.record_key as contract_key,
    campaigns.record_key as campaign_key
from documents
{%- for kind in ['contract', 'campaign'] %}
left join front as {{ kind }}s
    on '{{ kind }}' = {{ kind }}s.kind
        and documents.entity_key = {{ kind }}s.entity_key
        and documents.{{ kind }}_id = {{ kind }}s.stated_id
{%- endfor %}
where contracts.record_key is not null
    or campaigns.record_key is not null
