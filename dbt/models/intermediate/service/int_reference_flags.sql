-- Grain: one row per document or service cost that exists at the as-of date and names a
-- service contract or a campaign which no CRM has, or two have, and rule it breaks.
-- Only where a CRM that is tied to the source delivers such records at all: elsewhere
-- the ledger has numbers of its own.
with run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

delivered as (
    select
        source,
        'contract' as kind
    from {{ ref('stg_crm_service_contract') }}
    union
    select
        source,
        'campaign' as kind
    from {{ ref('stg_crm_campaign') }}
),

expected as (
    select distinct
        ties.erp_source as source,
        delivered.kind
    from {{ ref('stg_source_tie') }} as ties
    inner join delivered on ties.crm_source = delivered.source
),

documents as (
    select
        stated.source,
        'erp_ar_document' as table_name,
        stated.document_key as record_key,
        stated.entity_key,
        coalesce(stated.ordering_account_key, stated.account_key) as account_key,
        stated.contract_id,
        stated.campaign_id
    from {{ ref('stg_erp_ar_document') }} as stated
    inner join {{ ref('int_documents') }} as documents
        on stated.document_key = documents.document_key
    where documents.exists_at_as_of
        and (stated.contract_id is not null or stated.campaign_id is not null)
),

costs as (
    select
        stated.source,
        'erp_service_cost' as table_name,
        stated.cost_key as record_key,
        accounts.entity_key,
        stated.account_key,
        stated.contract_id,
        cast(null as varchar) as campaign_id
    from {{ ref('stg_erp_service_cost') }} as stated
    inner join run_context on stated.cost_date <= run_context.as_of_date
    inner join {{ ref('int_accounts') }} as accounts
        on stated.account_key = accounts.account_key
),

named as (
    {%- for kind in ['contract', 'campaign'] %}
    {%- for relation in ['documents', 'costs'] %}
    select
        source,
        table_name,
        record_key,
        entity_key,
        account_key,
        '{{ kind }}' as kind,
        {{ kind }}_id as stated_id
    from {{ relation }}
    where {{ kind }}_id is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    named.source,
    named.table_name,
    named.record_key,
    named.kind || '_unknown' as check_name,
    {{ member_key('account', 'named.account_key') }} as member_key
from named
inner join expected
    on named.source = expected.source
        and named.kind = expected.kind
left join {{ ref('int_front_references') }} as front
    on named.kind = front.kind
        and named.entity_key = front.entity_key
        and named.stated_id = front.stated_id
where front.record_key is null
