-- Grain: one row per kind of CRM record, ledger company and id by which its documents
-- or costs name such a record, where exactly one record of a tied CRM has that id.
-- kind: contract or campaign. An id that two tied CRMs use names neither.
with documents as (
    select * from {{ ref('stg_erp_ar_document') }}
),

costs as (
    select
        stated.source,
        accounts.entity_key,
        stated.contract_id
    from {{ ref('stg_erp_service_cost') }} as stated
    inner join {{ ref('stg_erp_account') }} as accounts
        on stated.account_key = accounts.account_key
),

named as (
    select
        'contract' as kind,
        source,
        entity_key,
        contract_id as stated_id
    from documents
    where contract_id is not null
    union
    select
        'campaign' as kind,
        source,
        entity_key,
        campaign_id as stated_id
    from documents
    where campaign_id is not null
    union
    select
        'contract' as kind,
        source,
        entity_key,
        contract_id as stated_id
    from costs
    where contract_id is not null
),

ties as (
    select
        crm_source,
        erp_source,
        {{ key_of('entity_id', 'erp_source') }} as entity_key
    from {{ ref('stg_source_tie') }}
),

records as (
    select
        'contract' as kind,
        source,
        contract_id as record_id,
        contract_key as record_key
    from {{ ref('stg_crm_service_contract') }}
    union all
    select
        'campaign' as kind,
        source,
        campaign_id as record_id,
        campaign_key as record_key
    from {{ ref('stg_crm_campaign') }}
)

select
    named.kind,
    named.source,
    named.entity_key,
    named.stated_id,
    min(records.record_key) as record_key
from named
inner join ties
    on named.source = ties.erp_source
        and named.entity_key = coalesce(ties.entity_key, named.entity_key)
inner join records
    on ties.crm_source = records.source
        and named.kind = records.kind
        and named.stated_id = records.record_id
group by named.kind, named.source, named.entity_key, named.stated_id
having count(distinct records.record_key) = 1
