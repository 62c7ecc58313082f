-- Grain: one row per company and the company it seems to be a duplicate of.
-- Two surviving companies share a verified number, or both have a claim on an account.
-- Of those that share one thing the best survivor is kept: one that still exists, then
-- the one with most accounts, then the smallest key; every other is paired with it.
with companies as (
    select * from {{ ref('int_companies') }}
),

features as (
    select * from {{ ref('stg_identity_feature') }}
    where side = 'company'
),

claims as (
    select distinct
        account_key,
        company_key
    from {{ ref('int_match_claims') }}
    where not is_rejected
),

shared as (
    select
        'same VAT number ' || features.vat_id as evidence,
        companies.surviving_company_key as company_key
    from features
    inner join companies
        on {{ key_of('features.record_id', 'features.source') }} = companies.company_key
    where features.vat_id is not null
    union
    select
        'same registration number ' || features.registration_id as evidence,
        companies.surviving_company_key as company_key
    from features
    inner join companies
        on {{ key_of('features.record_id', 'features.source') }} = companies.company_key
    where features.registration_id is not null
    union
    select
        'both claim account ' || account_key as evidence,
        company_key
    from claims
),

accounts as (
    select
        company_key,
        count(*) as accounts
    from {{ ref('int_account_customer') }}
    where company_key is not null
    group by company_key
),

ranked as (
    select
        shared.evidence,
        shared.company_key,
        first_value(shared.company_key) over (
            partition by shared.evidence
            order by
                case when companies.deleted_on is null then 0 else 1 end,
                coalesce(accounts.accounts, 0) desc,
                shared.company_key
        ) as survivor_key
    from shared
    inner join companies on shared.company_key = companies.company_key
    left join accounts on shared.company_key = accounts.company_key
)

select
    company_key,
    survivor_key,
    {{ joined_text('evidence', 'evidence') }} as evidence
from ranked
where company_key <> survivor_key
group by company_key, survivor_key
