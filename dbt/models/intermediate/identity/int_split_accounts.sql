-- Grain: one row per account that a steward split from every company.
-- It stands alone whatever claims it. A split that names a company says the same.
with decisions as (
    select * from {{ ref('stg_match_decision') }}
    where decision = 'split'
),

accounts as (
    select account_key from {{ ref('stg_erp_account') }}
),

ranked as (
    select
        decisions.account_key,
        decisions.decided_by,
        decisions.decided_on,
        decisions.why,
        row_number() over (
            partition by decisions.account_key
            order by
                decisions.decided_on desc,
                decisions.source asc,
                decisions.company_key asc
        ) as choice
    from decisions
    inner join accounts on decisions.account_key = accounts.account_key
)

select
    account_key,
    decided_by,
    decided_on,
    {{ decision_text("'split'") }} as evidence
from ranked
where choice = 1
