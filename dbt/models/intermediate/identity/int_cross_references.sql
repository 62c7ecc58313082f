-- Grain: one row per account, company and side that stores the reference.
-- A reference counts only between sources (or entities) that are tied to each other.
-- The CRM names account codes; a word that is no code in an ERP is read as an id there.
with companies as (
    select * from {{ ref('stg_crm_company') }}
),

accounts as (
    select * from {{ ref('stg_erp_account') }}
),

source_ties as (
    select distinct
        crm_source,
        erp_source,
        entity_id
    from {{ ref('stg_source_tie') }}
),

crm_words as (
    select
        company_key,
        source,
        {{ split_to_rows('erp_account_ref') }} as word
    from companies
    where erp_account_ref is not null
),

crm_references as (
    select distinct
        crm_words.company_key,
        crm_words.word,
        source_ties.erp_source,
        source_ties.entity_id
    from crm_words
    inner join source_ties on crm_words.source = source_ties.crm_source
    where crm_words.word <> ''
),

named_by_code as (
    select distinct
        accounts.account_key,
        accounts.source,
        crm_references.company_key,
        crm_references.word
    from crm_references
    inner join accounts
        on crm_references.erp_source = accounts.source
            and crm_references.word = accounts.account_code
    where crm_references.entity_id is null
        or crm_references.entity_id = accounts.entity_id
),

words_that_are_codes as (
    select distinct
        company_key,
        word,
        source
    from named_by_code
),

named_by_id as (
    select distinct
        accounts.account_key,
        crm_references.company_key,
        crm_references.word
    from crm_references
    inner join accounts
        on crm_references.erp_source = accounts.source
            and crm_references.word = accounts.account_id
    left join words_that_are_codes
        on crm_references.company_key = words_that_are_codes.company_key
            and crm_references.word = words_that_are_codes.word
            and crm_references.erp_source = words_that_are_codes.source
    where words_that_are_codes.word is null
        and (
            crm_references.entity_id is null
            or crm_references.entity_id = accounts.entity_id
        )
),

erp_words as (
    select
        account_key,
        source,
        entity_id,
        {{ split_to_rows('crm_company_ref') }} as word
    from accounts
    where crm_company_ref is not null
),

named_by_erp as (
    select distinct
        erp_words.account_key,
        companies.company_key,
        erp_words.word
    from erp_words
    inner join source_ties
        on erp_words.source = source_ties.erp_source
            and erp_words.entity_id = coalesce(source_ties.entity_id, erp_words.entity_id)
    inner join companies
        on source_ties.crm_source = companies.source
            and erp_words.word = companies.company_id
),

named as (
    select
        account_key,
        company_key,
        'crm' as stored_in,
        'the CRM stores account code ' || word as evidence
    from named_by_code
    union all
    select
        account_key,
        company_key,
        'crm' as stored_in,
        'the CRM stores account id ' || word as evidence
    from named_by_id
    union all
    select
        account_key,
        company_key,
        'erp' as stored_in,
        'the ERP account stores CRM company ' || word as evidence
    from named_by_erp
)

select
    account_key,
    company_key,
    stored_in,
    min(evidence) as evidence
from named
group by account_key, company_key, stored_in
