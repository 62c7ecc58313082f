-- Grain: one row per ERP account that is linked to a company.
-- An account belongs to the one company with the best claim on it. Two companies with
-- the same claim link nothing: a tie.
with claims as (
    select * from {{ ref('int_match_claims') }}
    where claim_rank = 1
),

best as (
    select
        account_key,
        min(company_key) as company_key
    from claims
    group by account_key
    having count(*) = 1
)

select
    claims.account_key,
    claims.company_key,
    claims.tier_rank,
    claims.match_tier,
    claims.evidence,
    claims.compared,
    claims.match_probability,
    claims.decided_by,
    claims.decided_on
from claims
inner join best
    on claims.account_key = best.account_key
        and claims.company_key = best.company_key
