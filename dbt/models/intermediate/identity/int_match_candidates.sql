-- Grain: one row per account and company with a claim on it that no steward rejected.
with claims as (
    select
        *,
        row_number() over (
            partition by account_key, company_key
            order by claim_rank
        ) as place
    from {{ ref('int_match_claims') }}
    where not is_rejected
)

select
    account_key,
    company_key,
    min(claim_rank) as claim_rank,
    max(case when place = 1 then match_tier end) as match_tier,
    {{ joined_text('evidence', 'claim_rank') }} as evidence
from claims
group by account_key, company_key
