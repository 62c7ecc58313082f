-- Grain: one row per record and word of its stored reference to the other side.
-- `;` separates the words: account codes or ids in the CRM, company ids in the ERP.
with words as (
    select
        'crm' as stored_in,
        company_key as record_key,
        source,
        cast(null as varchar) as entity_id,
        {{ split_to_rows('erp_account_ref') }} as word
    from {{ ref('stg_crm_company') }}
    where erp_account_ref is not null
    union all
    select
        'erp' as stored_in,
        account_key as record_key,
        source,
        entity_id,
        {{ split_to_rows('crm_company_ref') }} as word
    from {{ ref('stg_erp_account') }}
    where crm_company_ref is not null
)

select distinct
    stored_in,
    record_key,
    source,
    entity_id,
    word
from words
where word <> ''
