-- Grain: one row per decision of a steward that another decision says otherwise than.
-- About an account: it is of a company, and it is not, or it was split from all. About
-- two companies: one customer, and not, or merged with one that is merged elsewhere.
with decisions as (
    select
        *,
        account_key || ' = ' || company_key as record_key,
        decision in ('confirm', 'pin', 'merge') as is_yes
    from {{ ref('stg_match_decision') }}
),

companies as (
    select
        company_key,
        surviving_company_key
    from {{ ref('int_companies') }}
),

accounts as (
    select account_key from {{ ref('stg_erp_account') }}
),

of_accounts as (
    select
        decisions.source,
        decisions.record_key,
        decisions.account_key,
        decisions.is_yes,
        -- A split stands against every company.
        case when decisions.decision <> 'split' then companies.surviving_company_key
        end as company_key
    from decisions
    inner join accounts on decisions.account_key = accounts.account_key
    left join companies on decisions.company_key = companies.company_key
    where companies.company_key is not null
        or decisions.decision = 'split'
),

of_companies as (
    select
        decisions.source,
        decisions.record_key,
        decisions.is_yes,
        least(decisions.account_key, decisions.company_key) as one_key,
        greatest(decisions.account_key, decisions.company_key) as other_key,
        one.surviving_company_key = other.surviving_company_key as is_one
    from decisions
    inner join companies as one on decisions.account_key = one.company_key
    inner join companies as other on decisions.company_key = other.company_key
),

found as (
    select
        said.source,
        said.record_key
    from of_accounts as said
    inner join of_accounts as otherwise
        on said.account_key = otherwise.account_key
            and said.is_yes <> otherwise.is_yes
    where said.company_key = otherwise.company_key
        or said.company_key is null
        or otherwise.company_key is null
    union
    select
        said.source,
        said.record_key
    from of_companies as said
    inner join of_companies as otherwise
        on said.one_key = otherwise.one_key
            and said.other_key = otherwise.other_key
            and said.is_yes <> otherwise.is_yes
    union
    select
        source,
        record_key
    from of_companies
    where is_yes <> is_one
)

select
    source,
    record_key
from found
