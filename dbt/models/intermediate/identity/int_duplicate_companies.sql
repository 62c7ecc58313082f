-- Grain: one row per company and the company it seems to be a duplicate of.
-- Two surviving companies share a verified number, both have a claim on an account that
-- a reference or a number makes, or their records are as like as an account and a
-- company that a person is asked about (int_match_candidates). Of those that share one
-- thing the best survivor is kept: one that still exists, then the one with most
-- accounts, then the smallest key; every other is paired with it. What a steward split
-- is no duplicate.
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
        and tier_rank <= 4
),

compared as (
    select
        lefts.surviving_company_key as left_key,
        rights.surviving_company_key as right_key,
        pairs.match_weight,
        pairs.match_probability,
        {{ match_kind('pairs') }} as kind,
        {{ compared_text('pairs') }} as compared,
        pairs.number_level
    from {{ ref('stg_match_pair') }} as pairs
    inner join companies as lefts on pairs.left_key = lefts.company_key
    inner join companies as rights on pairs.right_key = rights.company_key
    where pairs.left_side = 'company'
        and lefts.surviving_company_key <> rights.surviving_company_key
),

-- Both ways round, so that a pair is found from either side.
both_ways as (
    select
        *,
        left_key as company_key,
        right_key as other_key
    from compared
    union all
    select
        *,
        right_key as company_key,
        left_key as other_key
    from compared
),

likest_first as (
    select
        *,
        row_number() over (
            partition by company_key, other_key
            order by match_weight desc, compared asc
        ) as place
    from both_ways
),

-- Of several records of one company the likest counts.
scored as (
    select *
    from likest_first
    where place = 1
),

shared as (
    select
        'same VAT number ' || features.vat_id as evidence,
        '' as group_key,
        companies.surviving_company_key as company_key
    from features
    inner join companies
        on {{ key_of('features.record_id', 'features.source') }} = companies.company_key
    where features.vat_id is not null
    union
    select
        'same registration number ' || features.registration_id as evidence,
        '' as group_key,
        companies.surviving_company_key as company_key
    from features
    inner join companies
        on {{ key_of('features.record_id', 'features.source') }} = companies.company_key
    where features.registration_id is not null
    union
    select
        'both claim account ' || account_key as evidence,
        '' as group_key,
        company_key
    from claims
    union
    select
        coalesce({{ match_kind_text('kind') }}, 'similar') as evidence,
        least(company_key, other_key) || ' ' || greatest(company_key, other_key)
            as group_key,
        company_key
    from scored
    where number_level <> 'different'
        and (kind is not null or match_probability >= {{ review_probability() }})
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
            partition by shared.evidence, shared.group_key
            order by
                case when companies.deleted_on is null then 0 else 1 end,
                coalesce(accounts.accounts, 0) desc,
                shared.company_key
        ) as survivor_key
    from shared
    inner join companies on shared.company_key = companies.company_key
    left join accounts on shared.company_key = accounts.company_key
),

splits as (
    select
        lefts.surviving_company_key as left_key,
        rights.surviving_company_key as right_key
    from {{ ref('int_company_decisions') }} as decisions
    inner join companies as lefts on decisions.company_key = lefts.company_key
    inner join companies as rights on decisions.other_company_key = rights.company_key
    where decisions.decision = 'split'
),

apart as (
    select
        left_key as company_key,
        right_key as other_key
    from splits
    union
    select
        right_key as company_key,
        left_key as other_key
    from splits
),

paired as (
    select
        company_key,
        survivor_key,
        {{ joined_text('evidence', 'evidence') }} as evidence
    from ranked
    where company_key <> survivor_key
    group by company_key, survivor_key
)

select
    paired.company_key,
    paired.survivor_key,
    paired.evidence,
    scored.compared,
    scored.match_probability
from paired
left join scored
    on paired.company_key = scored.company_key
        and paired.survivor_key = scored.other_key
left join apart
    on paired.company_key = apart.company_key
        and paired.survivor_key = apart.other_key
where apart.company_key is null
