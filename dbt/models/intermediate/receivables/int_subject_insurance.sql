-- Grain: one row per credit subject with receivables: what of its exposure is insured,
-- and what is not. Amounts in the subject's currency and, `_reporting`, in the
-- company's, at the rate of the as-of date.
-- Each account is covered by its own insurance alone, so that accounts add up to
-- customers and groups. An insurance that has ended still shows, and covers nothing.
with subjects as (
    select * from {{ ref('int_credit_subjects') }}
),

subject_accounts as (
    select * from {{ ref('int_subject_accounts') }}
),

exposures as (
    select * from {{ ref('int_subject_exposures') }}
    where level = 'account'
),

account_limits as (
    select * from {{ ref('int_account_limits') }}
),

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
),

account_subjects as (
    select
        account_key,
        currency
    from subjects
    where level = 'account'
),

-- One row per subject and account; a pair of currencies has at most one rate.
converted as (
    select
        subjects.level,
        subjects.id,
        account_limits.insured_until,
        account_limits.is_insurance_valid,
        account_limits.insured_limit is not null as is_insured,
        {{ convert('account_limits.insured_limit', 'insured_fx.rate') }}
            as insured_limit,
        {{ convert('account_limits.insured_limit', 'insured_reporting_fx.rate') }}
            as insured_limit_reporting,
        {{ convert('exposures.exposure', 'exposure_fx.rate') }} as exposure,
        exposures.exposure_reporting
    from subject_accounts
    inner join subjects
        on subject_accounts.level = subjects.level
            and subject_accounts.id = subjects.id
    inner join account_limits
        on subject_accounts.account_key = account_limits.account_key
    inner join exposures on subject_accounts.account_key = exposures.id
    inner join account_subjects
        on subject_accounts.account_key = account_subjects.account_key
    left join fx_as_of as insured_fx
        on account_limits.insured_currency = insured_fx.from_currency
            and subjects.currency = insured_fx.to_currency
    left join fx_as_of as insured_reporting_fx
        on account_limits.insured_currency = insured_reporting_fx.from_currency
            and subjects.reporting_currency = insured_reporting_fx.to_currency
    left join fx_as_of as exposure_fx
        on account_subjects.currency = exposure_fx.from_currency
            and subjects.currency = exposure_fx.to_currency
    where account_limits.has_receivables
)

select
    level,
    id,
    {%- for suffix in ['', '_reporting'] %}
    case
        when bool_or(is_insured)
            then {{ sum_whole(
                'case when is_insured then insured_limit' ~ suffix ~ ' else 0 end'
            ) }}
    end as insured_limit{{ suffix }},
    {{ sum_whole("""case
        when is_insurance_valid
            then greatest(
                exposure""" ~ suffix ~ """ - insured_limit""" ~ suffix ~ """, 0
            )
        else greatest(exposure""" ~ suffix ~ """, 0)
    end""") }} as uninsured{{ suffix }},
    {%- endfor %}
    min(insured_until) as insured_until,
    bool_and(is_insurance_valid) filter (where is_insured) as is_insurance_valid
from converted
group by level, id
