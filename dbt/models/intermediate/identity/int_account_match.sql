-- Grain: one row per ERP account.
-- An account belongs to the one company with the best claim on it. Two companies with
-- the same claim link nothing: a tie. What the steward rejected is not a claim.
with accounts as (
    select * from {{ ref('stg_erp_account') }}
),

claims as (
    select * from {{ ref('int_match_claims') }}
),

best as (
    select
        account_key,
        count(*) as claimants,
        min(company_key) as company_key
    from claims
    where claim_rank = 1
    group by account_key
),

links as (
    select
        claims.account_key,
        claims.company_key,
        claims.match_tier,
        claims.evidence,
        claims.decided_by,
        claims.decided_on
    from claims
    inner join best
        on claims.account_key = best.account_key
            and claims.company_key = best.company_key
    where best.claimants = 1
        and claims.claim_rank = 1
),

rejections as (
    select
        account_key,
        {{ joined_text("company_key || ': ' || evidence", 'company_key') }}
            as rejections
    from {{ ref('int_match_decisions') }}
    where decision = 'reject'
    group by account_key
),

others as (
    select
        claims.account_key,
        {{ joined_text(
            "claims.company_key || ' ' || claims.company_name || ': '"
            ~ " || claims.evidence",
            'claims.claim_rank, claims.company_key, claims.tier_rank'
        ) }} as candidates
    from claims
    left join links on claims.account_key = links.account_key
    where not claims.is_rejected
        and (links.company_key is null or links.company_key <> claims.company_key)
    group by claims.account_key
)

select
    accounts.account_key,
    links.company_key,
    case
        when links.company_key is not null then 'linked'
        when best.claimants > 1 then 'tie'
        when rejections.account_key is not null then 'rejected'
        else 'unlinked'
    end as match_status,
    links.match_tier,
    case when links.company_key is not null then cast(1 as decimal(5, 4))
    end as match_score,
    links.evidence,
    case when links.company_key is not null then coalesce(links.decided_by, 'rule')
    end as decided_by,
    links.decided_on as linked_since,
    coalesce(links.company_key is not null and others.account_key is not null, false)
        as is_conflict,
    others.candidates,
    rejections.rejections
from accounts
left join best on accounts.account_key = best.account_key
left join links on accounts.account_key = links.account_key
left join others on accounts.account_key = others.account_key
left join rejections on accounts.account_key = rejections.account_key
