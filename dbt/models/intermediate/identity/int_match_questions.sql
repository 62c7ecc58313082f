-- Grain: one row per account and company that a person has to decide on.
-- tie: several companies have the same best claim, this one has that or a weaker one.
-- contradiction: evidence that would link, and something that speaks against it. fuzzy:
-- similar, but no evidence that links. conflict: the account is linked, and another
-- company has a claim; a soft claim (a score, a domain, a name with a phone or
-- postcode) is none against a person, a stored reference or a number.
with candidates as (
    select * from {{ ref('int_match_candidates') }}
),

links as (
    select * from {{ ref('int_match_links') }}
)

select
    candidates.account_key,
    candidates.company_key,
    case
        when links.account_key is not null then 'conflict'
        when candidates.claim_rank is not null then 'tie'
        when candidates.match_tier <> 'fuzzy' then 'contradiction'
        else 'fuzzy'
    end as reason,
    links.company_key as linked_company_key,
    candidates.claim_rank,
    candidates.match_tier,
    candidates.evidence,
    candidates.compared,
    candidates.match_weight,
    candidates.match_probability
from candidates
left join links on candidates.account_key = links.account_key
where links.account_key is null
    or (
        links.company_key <> candidates.company_key
        and (
            candidates.tier_rank <= 4
            or candidates.tier_rank >= 5
            and links.tier_rank >= 5
        )
    )
