-- Grain: one row per credit subject. Every term of its exposure, in the currency the
-- subject is compared in and, `_reporting`, in the company's.
-- Balances go from base to reporting currency. What is in the compared currency already
-- is not converted, unless that is the reporting currency.
-- Null: a rate is missing; the balance also where no ledger states one, then it counts
-- nothing.
with subjects as (
    select * from {{ ref('int_credit_subjects') }}
),

subject_accounts as (
    select * from {{ ref('int_subject_accounts') }}
),

terms as (
    select * from {{ ref('int_exposure_terms') }}
),

policy as (
    select * from {{ ref('int_exposure_policy') }}
),

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
),

-- A pair of currencies has at most one rate at the as-of date.
converted as (
    select
        subjects.level,
        subjects.id,
        terms.term,
        policy.counts,
        policy.sign,
        {{ compared('terms', 'amount', 'subjects', 'to_compare') }} as amount,
        {{ convert('terms.amount_base', 'to_reporting.rate') }} as amount_reporting
    from terms
    inner join policy on terms.term = policy.term
    inner join subject_accounts on terms.account_key = subject_accounts.account_key
    inner join subjects
        on subject_accounts.level = subjects.level
            and subject_accounts.id = subjects.id
    left join fx_as_of as to_compare
        on terms.base_currency = to_compare.from_currency
            and subjects.currency = to_compare.to_currency
    left join fx_as_of as to_reporting
        on terms.base_currency = to_reporting.from_currency
            and subjects.reporting_currency = to_reporting.to_currency
),

summed as (
    select
        level,
        id,
        {%- for suffix in ['', '_reporting'] %}
        {%- for term in exposure_terms() %}
        {{ sum_whole(
            "case when term = '" ~ term ~ "' then amount" ~ suffix ~ " else 0 end"
        ) }} as {{ term }}{{ suffix }},
        {%- endfor %}
        {{ sum_whole('case when counts then sign * amount' ~ suffix ~ ' else 0 end') }}
            as exposure{{ suffix }},
        {%- endfor %}
        bool_or(amount is null or amount_reporting is null) as is_rate_missing
    from converted
    group by level, id
)

select
    subjects.level,
    subjects.id,
    {%- for suffix in ['', '_reporting'] %}
    {%- for term in exposure_terms() + ['exposure'] %}
    {%- if term == 'balance' %}
    case
        when subjects.has_receivables
            then {{ zero_if_absent('summed.id', 'summed.' ~ term ~ suffix) }}
    end as {{ term }}{{ suffix }},
    {%- else %}
    {{ zero_if_absent('summed.id', 'summed.' ~ term ~ suffix) }}
        as {{ term }}{{ suffix }},
    {%- endif %}
    {%- endfor %}
    {%- endfor %}
    coalesce(summed.is_rate_missing, false) as is_rate_missing
from subjects
left join summed
    on subjects.level = summed.level
        and subjects.id = summed.id
