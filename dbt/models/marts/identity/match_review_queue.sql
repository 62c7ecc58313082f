-- Grain: one row per account and company that a person has to decide on.
with questions as (
    select * from {{ ref('int_match_questions') }}
),

customers as (
    select
        account_key,
        customer_id
    from {{ ref('int_account_customer') }}
),

accounts as (
    select * from {{ ref('stg_erp_account') }}
),

companies as (
    select * from {{ ref('stg_crm_company') }}
)

select
    questions.account_key,
    questions.company_key,
    questions.reason,
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
        'legal_name', 'vat_number', 'registration_number', 'phone', 'email', 'city',
        'postcode', 'country_code',
    ] %}
    accounts.{{ field }} as account_{{ field }},
    companies.{{ field }} as company_{{ field }}{{ ',' if not loop.last }}
    {%- endfor %}
from questions
inner join customers on questions.account_key = customers.account_key
inner join accounts on questions.account_key = accounts.account_key
inner join companies on questions.company_key = companies.company_key
