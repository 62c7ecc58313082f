-- Grain: one row per account and company that a person has to decide on.
-- The account with most money at stake first, then its likeliest company.
with questions as (
    select * from {{ ref('int_match_questions') }}
),

customers as (
    select
        account_key,
        customer_id
    from {{ ref('int_account_customer') }}
),

stakes as (
    select * from {{ ref('int_match_stakes') }}
),

run_context as (
    select
        as_of_date,
        is_forced,
        reporting_currency
    from {{ ref('stg_run_context') }}
),

accounts as (
    select * from {{ ref('stg_erp_account') }}
),

companies as (
    select * from {{ ref('stg_crm_company') }}
)

select
    cast(row_number() over (
        order by
            stakes.at_stake_reporting desc nulls last,
            questions.account_key asc,
            questions.claim_rank asc nulls last,
            questions.match_weight desc nulls last,
            questions.company_key asc
    ) as integer) as rank,
    questions.account_key,
    questions.company_key,
    questions.reason,
    stakes.at_stake_reporting,
    stakes.outstanding_reporting,
    stakes.open_orders_reporting,
    stakes.sales_12m_reporting,
    run_context.reporting_currency,
    questions.match_tier,
    questions.claim_rank,
    cast(questions.match_probability as decimal(5, 4)) as match_score,
    questions.evidence,
    questions.compared,
    customers.customer_id,
    questions.linked_company_key,
    case questions.reason
        when 'tie'
            then 'confirm one company and reject the others in match_decision'
        when 'conflict'
            then 'confirm the linked company, or pin this one, in match_decision'
        else 'confirm or reject this company in match_decision'
    end as suggested_action,
    accounts.name as account_name,
    companies.name as company_name,
    {%- for field in [
        'legal_name', 'vat_number', 'registration_number', 'website', 'email', 'phone',
        'address_line1', 'postcode', 'city', 'country_code',
    ] %}
    accounts.{{ field }} as account_{{ field }},
    companies.{{ field }} as company_{{ field }},
    {%- endfor %}
    run_context.as_of_date,
    run_context.is_forced
from questions
cross join run_context
inner join stakes on questions.account_key = stakes.account_key
inner join customers on questions.account_key = customers.account_key
inner join accounts on questions.account_key = accounts.account_key
inner join companies on questions.company_key = companies.company_key
