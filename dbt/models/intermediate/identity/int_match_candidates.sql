-- Grain: one row per account and company that may be the same, unless a steward
-- rejected the pair: every claim, and what only a person may link: evidence that
-- something contradicts, names that are nearly the same, and scores that are no
-- evidence (of these the best few).
with claims as (
    select
        *,
        row_number() over (
            partition by account_key, company_key
            order by claim_rank
        ) as place
    from {{ ref('int_match_claims') }}
    where not is_rejected
),

claimed as (
    select
        account_key,
        company_key,
        min(claim_rank) as claim_rank,
        min(tier_rank) as tier_rank,
        max(case when place = 1 then match_tier end) as match_tier,
        {{ joined_text('evidence', 'claim_rank, tier_rank') }} as evidence
    from claims
    group by account_key, company_key
),

decided as (
    select
        account_key,
        company_key
    from {{ ref('int_match_decisions') }}
),

splits as (
    select account_key from {{ ref('int_split_accounts') }}
),

scores as (
    select * from {{ ref('int_match_scores') }}
),

unsure as (
    select
        scores.account_key,
        scores.company_key,
        coalesce(scores.kind, 'fuzzy') as match_tier,
        case
            when scores.kind is null then 'similar, but nothing beside it that links'
            else {{ match_kind_text('scores.kind') }} || ', but '
                || scores.contradiction
        end as evidence,
        row_number() over (
            partition by scores.account_key
            order by
                case when scores.kind is null then 1 else 0 end asc,
                scores.match_weight desc,
                scores.company_key asc
        ) as place
    from scores
    left join claimed
        on scores.account_key = claimed.account_key
            and scores.company_key = claimed.company_key
    left join decided
        on scores.account_key = decided.account_key
            and scores.company_key = decided.company_key
    left join splits on scores.account_key = splits.account_key
    where claimed.account_key is null
        and decided.account_key is null
        and splits.account_key is null
        and (
            scores.kind is not null
            or scores.is_name_near
            or scores.match_probability >= {{ review_probability() }}
        )
),

candidates as (
    select
        account_key,
        company_key,
        claim_rank,
        tier_rank,
        match_tier,
        evidence
    from claimed
    union all
    select
        account_key,
        company_key,
        cast(null as integer) as claim_rank,
        cast(null as integer) as tier_rank,
        match_tier,
        evidence
    from unsure
    where place <= {{ review_candidates() }}
)

select
    candidates.account_key,
    candidates.company_key,
    candidates.claim_rank,
    candidates.tier_rank,
    candidates.match_tier,
    candidates.evidence,
    scores.compared,
    scores.match_weight,
    scores.match_probability
from candidates
left join scores
    on candidates.account_key = scores.account_key
        and candidates.company_key = scores.company_key
