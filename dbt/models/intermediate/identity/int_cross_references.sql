-- Grain: one row per account, company, side that stores the reference and word.
-- A reference counts only between sources (or entities) that are tied to each other.
-- The CRM names account codes; a word that is no code in an ERP is read as an id there.
with words as (
    select * from {{ ref('int_reference_words') }}
),

companies as (
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
    select distinct
        words.record_key as company_key,
        words.word,
        source_ties.erp_source,
        source_ties.entity_id
    from words
    inner join source_ties on words.source = source_ties.crm_source
    where words.stored_in = 'crm'
),

named_by_code as (
    select distinct
        accounts.account_key,
        accounts.source,
        crm_words.company_key,
        crm_words.word
    from crm_words
    inner join accounts
        on crm_words.erp_source = accounts.source
            and crm_words.word = accounts.account_code
    where crm_words.entity_id is null
        or crm_words.entity_id = accounts.entity_id
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
        crm_words.company_key,
        crm_words.word
    from crm_words
    inner join accounts
        on crm_words.erp_source = accounts.source
            and crm_words.word = accounts.account_id
    left join words_that_are_codes
        on crm_words.company_key = words_that_are_codes.company_key
            and crm_words.word = words_that_are_codes.word
            and crm_words.erp_source = words_that_are_codes.source
    where words_that_are_codes.word is null
        and (
            crm_words.entity_id is null
            or crm_words.entity_id = accounts.entity_id
        )
),

named_by_erp as (
    select distinct
        words.record_key as account_key,
        companies.company_key,
        words.word
    from words
    inner join source_ties
        on words.source = source_ties.erp_source
            and words.entity_id = coalesce(source_ties.entity_id, words.entity_id)
    inner join companies
        on source_ties.crm_source = companies.source
            and words.word = companies.company_id
    where words.stored_in = 'erp'
)

select
    account_key,
    company_key,
    'crm' as stored_in,
    word,
    'the CRM stores account code ' || word as evidence
from named_by_code
union all
select
    account_key,
    company_key,
    'crm' as stored_in,
    word,
    'the CRM stores account id ' || word as evidence
from named_by_id
union all
select
    account_key,
    company_key,
    'erp' as stored_in,
    word,
    'the ERP account stores CRM company ' || word as evidence
from named_by_erp
