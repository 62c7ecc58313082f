-- Grain: one row per level (account, customer, group) and id: every billed account, and
-- every customer and group with one, at the as-of date.
-- Amounts: `currency` (that of the limit), `_reporting` the company's.
-- Exactly at the limit is not over it; with a limit of 0, who owes nothing is not over.
with subjects as (
    select * from {{ ref('int_credit_subjects') }}
),

exposures as (
    select * from {{ ref('int_subject_exposures') }}
),

subject_accounts as (
    select * from {{ ref('int_subject_accounts') }}
),

insurance as (
    select * from {{ ref('int_subject_insurance') }}
),

unpriced_orders as (
    select * from {{ ref('int_unpriced_orders') }}
),

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
),

run_context as (
    select is_forced from {{ ref('stg_run_context') }}
),

unpriced as (
    select
        subject_accounts.level,
        subject_accounts.id,
        sum(unpriced_orders.unpriced_orders) as unpriced_orders
    from unpriced_orders
    inner join subject_accounts
        on unpriced_orders.account_key = subject_accounts.account_key
    group by subject_accounts.level, subject_accounts.id
),

limited as (
    select
        subjects.*,
        case
            when subjects.limit_state in ('amount', 'cash_only')
                then subjects.credit_limit
        end as known_limit,
        fx_as_of.rate
    from subjects
    left join fx_as_of
        on subjects.currency = fx_as_of.from_currency
            and subjects.reporting_currency = fx_as_of.to_currency
)

select
    limited.level,
    limited.id,
    limited.name,
    limited.account_key,
    limited.customer_id,
    limited.group_id,
    limited.accounts,
    limited.has_receivables,
    limited.currency,
    limited.reporting_currency,
    {%- for suffix in ['', '_reporting'] %}
    {%- for term in exposure_terms() + ['exposure'] %}
    exposures.{{ term }}{{ suffix }},
    {%- endfor %}
    {%- endfor %}
    limited.limit_state,
    limited.limit_source,
    limited.known_limit as credit_limit,
    {{ convert('limited.known_limit', 'limited.rate') }} as credit_limit_reporting,
    case
        when limited.has_receivables
            then {{ money('limited.known_limit - exposures.exposure') }}
    end as available,
    case
        when limited.has_receivables
            then {{ money(
                convert('limited.known_limit', 'limited.rate')
                ~ ' - exposures.exposure_reporting'
            ) }}
    end as available_reporting,
    case
        when limited.has_receivables and limited.limit_state = 'amount'
            then {{ ratio('exposures.exposure * 100', 'limited.known_limit') }}
    end as used_pct,
    coalesce(
        limited.has_receivables
        and exposures.exposure > limited.known_limit
        and exposures.exposure > 0,
        false
    ) as is_over_limit,
    limited.valid_to,
    limited.is_limit_expired,
    insurance.insured_limit,
    insurance.insured_limit_reporting,
    insurance.insured_until,
    insurance.is_insurance_valid,
    insurance.uninsured,
    insurance.uninsured_reporting,
    limited.bypass,
    coalesce(cast(unpriced.unpriced_orders as integer), 0) as unpriced_orders,
    exposures.is_rate_missing
    or (limited.known_limit is not null and limited.rate is null) as is_rate_missing,
    limited.as_of_date,
    run_context.is_forced
from limited
inner join exposures
    on limited.level = exposures.level
        and limited.id = exposures.id
cross join run_context
left join insurance
    on limited.level = insurance.level
        and limited.id = insurance.id
left join unpriced
    on limited.level = unpriced.level
        and limited.id = unpriced.id
