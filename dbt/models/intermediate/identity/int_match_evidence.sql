-- Grain: one row per account, surviving company, tier and kind of evidence.
-- Tiers: 1 pinned, 2 confirmed by a steward; 3 stored cross-reference; 4 VAT or
-- registration number whose check digits are right; 5 own domain; 6 phone or postcode
-- together with the name; 7 score. Evidence on a company that the CRM merged into
-- another speaks for the surviving one. What a scored pair contradicts is no evidence
-- below 4.
with companies as (
    select * from {{ ref('int_companies') }}
),

features as (
    select * from {{ ref('stg_identity_feature') }}
),

numbers as (
    select
        side,
        {{ key_of('record_id') }} as record_key,
        'vat_number' as kind,
        vat_id as number
    from features
    where vat_id is not null
    union all
    select
        side,
        {{ key_of('record_id') }} as record_key,
        'registration_number' as kind,
        registration_id as number
    from features
    where registration_id is not null
),

scores as (
    select * from {{ ref('int_match_scores') }}
),

evidence as (
    select
        account_key,
        company_key,
        case decision when 'pin' then 1 else 2 end as tier_rank,
        'steward_decision' as kind,
        evidence
    from {{ ref('int_match_decisions') }}
    where decision <> 'reject'
    union all
    select
        account_key,
        company_key,
        3 as tier_rank,
        'cross_reference_' || stored_in as kind,
        evidence
    from {{ ref('int_cross_references') }}
    union all
    select
        account_numbers.record_key as account_key,
        company_numbers.record_key as company_key,
        4 as tier_rank,
        account_numbers.kind,
        case account_numbers.kind
            when 'vat_number' then 'same VAT number '
            else 'same registration number '
        end || account_numbers.number as evidence
    from numbers as account_numbers
    inner join numbers as company_numbers
        on account_numbers.kind = company_numbers.kind
            and account_numbers.number = company_numbers.number
    where account_numbers.side = 'account'
        and company_numbers.side = 'company'
    union all
    select
        account_key,
        company_key,
        tier_rank,
        kind,
        {{ match_kind_text('kind') }} as evidence
    from scores
    where kind is not null
        and contradiction is null
)

select
    evidence.account_key,
    companies.surviving_company_key as company_key,
    evidence.tier_rank,
    evidence.kind,
    min(evidence.evidence) as evidence
from evidence
inner join companies on evidence.company_key = companies.company_key
left join scores
    on evidence.account_key = scores.account_key
        and companies.surviving_company_key = scores.company_key
where evidence.tier_rank <> 4
    or scores.kind is null
    or scores.kind <> 'number'
group by
    evidence.account_key,
    companies.surviving_company_key,
    evidence.tier_rank,
    evidence.kind
