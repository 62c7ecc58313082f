-- Grain: one row per account, surviving company and tier of evidence.
-- claim_rank orders the claims on one account: tier, then how many kinds of evidence
-- agree within it, then sources that are tied, then companies that still exist. Equal
-- rank = a tie. A pair that a steward rejected has no rank; an account that a steward
-- split from every company has no claim.
-- The soft tiers (5 and below) are one: there the score decides, and companies that do
-- not lie clearly apart in it (tie_margin) tie.
with accounts as (
    select accounts.*
    from {{ ref('stg_erp_account') }} as accounts
    left join {{ ref('int_split_accounts') }} as splits
        on accounts.account_key = splits.account_key
    where splits.account_key is null
),

companies as (
    select * from {{ ref('int_companies') }}
),

decisions as (
    select * from {{ ref('int_match_decisions') }}
),

tiers as (
    select
        account_key,
        company_key,
        tier_rank,
        max(kind) as leading_kind,
        count(*) as agreeing_kinds,
        {{ joined_text('evidence', 'kind desc', ', ') }} as evidence
    from {{ ref('int_match_evidence') }}
    group by account_key, company_key, tier_rank
),

scores as (
    select * from {{ ref('int_match_scores') }}
),

tied_accounts as (
    select * from {{ ref('int_tied_accounts') }}
),

claims as (
    select
        tiers.account_key,
        tiers.company_key,
        companies.company_name,
        tiers.tier_rank,
        least(tiers.tier_rank, 5) as tier_class,
        scores.match_weight,
        scores.match_probability,
        scores.compared,
        case
            when tiers.tier_rank <= 2 then 'steward_decision'
            when tiers.tier_rank = 3 then 'cross_reference'
            else tiers.leading_kind
        end as match_tier,
        tiers.agreeing_kinds,
        tiers.evidence,
        case when tied_accounts.account_key is null then 1 else 0 end as is_untied,
        case when companies.deleted_on is null then 0 else 1 end as is_gone,
        coalesce(decisions.decision = 'reject', false) as is_rejected,
        case when tiers.tier_rank <= 2 then decisions.decided_by end as decided_by,
        case when tiers.tier_rank <= 2 then decisions.decided_on end as decided_on
    from tiers
    inner join accounts on tiers.account_key = accounts.account_key
    inner join companies on tiers.company_key = companies.company_key
    left join tied_accounts
        on tiers.account_key = tied_accounts.account_key
            and companies.source = tied_accounts.crm_source
    left join decisions
        on tiers.account_key = decisions.account_key
            and tiers.company_key = decisions.company_key
    left join scores
        on tiers.account_key = scores.account_key
            and tiers.company_key = scores.company_key
),

led as (
    select
        *,
        case when tier_class = 5 then
            match_weight < max(match_weight) over (
                partition by account_key, tier_class, is_untied, is_gone
            ) - {{ tie_margin() }}
        end as is_behind
    from claims
    where not is_rejected
),

ranked as (
    select
        account_key,
        company_key,
        tier_rank,
        dense_rank() over (
            partition by account_key
            order by
                tier_class asc,
                case when tier_class < 5 then agreeing_kinds end desc,
                is_untied asc,
                is_gone asc,
                is_behind asc
        ) as claim_rank
    from led
)

select
    claims.account_key,
    claims.company_key,
    claims.tier_rank,
    claims.match_tier,
    claims.evidence,
    claims.match_probability,
    claims.compared,
    claims.is_rejected,
    claims.decided_by,
    claims.decided_on,
    cast(ranked.claim_rank as integer) as claim_rank
from claims
left join ranked
    on claims.account_key = ranked.account_key
        and claims.company_key = ranked.company_key
        and claims.tier_rank = ranked.tier_rank
