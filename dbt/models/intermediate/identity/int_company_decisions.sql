-- Grain: one row per two companies that a steward merged or split.
-- Of several decisions on the same two a split counts first, then the newest.
with decisions as (
    select * from {{ ref('stg_match_decision') }}
    where decision in ('merge', 'split')
),

companies as (
    select company_key from {{ ref('stg_crm_company') }}
),

ranked as (
    select
        decisions.account_key as company_key,
        decisions.company_key as other_company_key,
        decisions.decision,
        decisions.decided_by,
        decisions.decided_on,
        row_number() over (
            partition by
                least(decisions.account_key, decisions.company_key),
                greatest(decisions.account_key, decisions.company_key)
            order by
                case decisions.decision when 'split' then 0 else 1 end asc,
                decisions.decided_on desc,
                decisions.source asc,
                decisions.account_key asc
        ) as choice
    from decisions
    inner join companies on decisions.account_key = companies.company_key
    inner join companies as others on decisions.company_key = others.company_key
)

select
    company_key,
    other_company_key,
    decision,
    decided_by,
    decided_on
from ranked
where choice = 1
