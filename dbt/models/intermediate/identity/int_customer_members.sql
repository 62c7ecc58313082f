-- Grain: one row per member: a CRM company or an ERP account.
-- A cluster is one customer: a surviving company, the companies merged into it and the
-- accounts linked to it; an account that no company claims is a cluster of its own.
with companies as (
    select * from {{ ref('int_companies') }}
),

accounts as (
    select * from {{ ref('int_account_match') }}
),

account_companies as (
    select
        accounts.account_key,
        accounts.company_key,
        companies.cluster_key
    from accounts
    left join companies on accounts.company_key = companies.company_key
)

select
    {{ member_key('company', 'company_key') }} as member_key,
    'company' as side,
    company_key as record_key,
    surviving_company_key as company_key,
    cluster_key
from companies
union all
select
    {{ member_key('account', 'account_key') }} as member_key,
    'account' as side,
    account_key as record_key,
    company_key,
    coalesce(cluster_key, {{ member_key('account', 'account_key') }}) as cluster_key
from account_companies
