-- Grain: one row per account and company that a person has to decide on: a tie, where
-- no company is linked, or a conflict, where another company than the linked one has a
-- claim.
with trading_accounts as (
    select * from {{ ref('trading_accounts') }}
),

candidates as (
    select * from {{ ref('int_match_candidates') }}
),

accounts as (
    select * from {{ ref('stg_erp_account') }}
),

companies as (
    select * from {{ ref('stg_crm_company') }}
)

select
    candidates.account_key,
    candidates.company_key,
    case trading_accounts.match_status when 'tie' then 'tie' else 'conflict'
    end as reason,
    candidates.match_tier,
    candidates.claim_rank,
    candidates.evidence,
    trading_accounts.customer_id,
    trading_accounts.company_key as linked_company_key,
    case
        when trading_accounts.match_status = 'tie'
            then 'confirm one company and reject the others in match_decision'
        else 'confirm the linked company, or pin this one, in match_decision'
    end as suggested_action,
    accounts.name as account_name,
    companies.name as company_name,
    {%- for field in [
        'legal_name', 'vat_number', 'registration_number', 'phone', 'email', 'city',
        'postcode', 'country_code',
    ] %}
    accounts.{{ field }} as account_{{ field }},
    companies.{{ field }} as company_{{ field }}{{ ',' if not loop.last }}
    {%- endfor %}
from candidates
inner join trading_accounts
    on candidates.account_key = trading_accounts.account_key
inner join accounts on candidates.account_key = accounts.account_key
inner join companies on candidates.company_key = companies.company_key
where trading_accounts.company_key is null
    or trading_accounts.company_key <> candidates.company_key
