-- Grain: one row per account and surviving company that a steward decided on.
-- A decision follows its company when the CRM merges it. Of several decisions on one
-- pair the one that names the surviving company itself counts before one that came with
-- a merge; then a rejection, which holds for ever, before a pin and a confirmation.
with decisions as (
    select * from {{ ref('stg_match_decision') }}
    where decision in ('confirm', 'reject', 'pin')
),

companies as (
    select * from {{ ref('int_companies') }}
),

accounts as (
    select account_key from {{ ref('stg_erp_account') }}
),

ranked as (
    select
        decisions.account_key,
        companies.surviving_company_key as company_key,
        decisions.decision,
        decisions.decided_by,
        decisions.decided_on,
        decisions.why,
        row_number() over (
            partition by decisions.account_key, companies.surviving_company_key
            order by
                case when decisions.company_key = companies.surviving_company_key
                    then 0 else 1 end asc,
                case decisions.decision
                    when 'reject' then 0 when 'pin' then 1 else 2
                end asc,
                decisions.decided_on desc,
                decisions.source asc,
                decisions.company_key asc
        ) as choice
    from decisions
    inner join companies on decisions.company_key = companies.company_key
    inner join accounts on decisions.account_key = accounts.account_key
)

select
    account_key,
    company_key,
    decision,
    decided_by,
    decided_on,
    {{ decision_text('decision') }} as evidence
from ranked
where choice = 1
