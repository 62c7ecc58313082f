-- Grain: one row per credit subject that ever had a limit which blocks, and period in
-- which its exposure stays the same, from valid_from up to and without valid_until;
-- none before anything stood in it.
-- Computed backwards from the exposure of the as-of date, which the last period has to
-- the cent. By day: the ledger balance. As known today, from the day of the order or
-- the draft: what is open of it now. Rates are those of the as-of date.
with limited as (
    select distinct
        limits.level,
        limits.id
    from {{ ref('int_subject_limit_periods') }} as limits
    inner join {{ ref('int_subject_rules') }} as rules
        on limits.level = rules.level
            and limits.id = rules.id
            and rules.rule in ('over_limit', 'limit_share')
            and rules.action = 'block'
    where limits.credit_limit is not null
),

-- Numbered, because windows over a number take half as long as over two texts.
subjects as (
    select
        subjects.*,
        row_number() over (
            order by subjects.level, subjects.id
        ) as subject_no
    from {{ ref('int_credit_subjects') }} as subjects
    inner join limited
        on subjects.level = limited.level
            and subjects.id = limited.id
),

exposures as (
    select * from {{ ref('int_subject_exposures') }}
),

subject_accounts as (
    select * from {{ ref('int_subject_accounts') }}
),

policy as (
    select * from {{ ref('int_exposure_policy') }}
    where counts
),

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

document_periods as (
    select
        *,
        coalesce(lag(residual) over document_days, 0) as residual_before,
        coalesce(lag(residual_base) over document_days, 0) as residual_base_before,
        lead(valid_from) over document_days is null as is_last
    from {{ ref('int_document_periods') }}
    window document_days as (
        partition by document_key
        order by valid_from
    )
),

moves as (
    select
        account_key,
        'balance' as term,
        valid_from as day,
        currency,
        base_currency,
        residual - residual_before as amount,
        residual_base - residual_base_before as amount_base
    from document_periods
    union all
    select
        account_key,
        'balance' as term,
        valid_until as day,
        currency,
        base_currency,
        -residual as amount,
        -residual_base as amount_base
    from document_periods
    where is_last
        and valid_until < {{ last_day_ever() }}
    union all
    select
        account_key,
        term,
        known_from as day,
        currency,
        base_currency,
        amount,
        amount_base
    from {{ ref('int_exposure_parts') }}
    where known_from is not null
),

by_day as (
    select
        moves.account_key,
        moves.day,
        moves.currency,
        moves.base_currency,
        {{ money('sum(policy.sign * moves.amount)') }} as amount,
        {{ money('sum(policy.sign * moves.amount_base)') }} as amount_base
    from moves
    inner join policy on moves.term = policy.term
    inner join run_context on moves.day <= run_context.as_of_date
    group by moves.account_key, moves.day, moves.currency, moves.base_currency
),

by_subject as (
    select
        subjects.subject_no,
        by_day.day,
        {{ money(
            'sum(' ~ compared('by_day', 'amount', 'subjects', 'fx_as_of') ~ ')'
        ) }} as amount
    from by_day
    inner join subject_accounts on by_day.account_key = subject_accounts.account_key
    inner join subjects
        on subject_accounts.level = subjects.level
            and subject_accounts.id = subjects.id
    left join fx_as_of
        on by_day.base_currency = fx_as_of.from_currency
            and subjects.currency = fx_as_of.to_currency
    group by subjects.subject_no, by_day.day
),

backwards as (
    select
        *,
        sum(amount) over later_days - amount as moved_later,
        lag(day) over later_days as next_day
    from by_subject
    window later_days as (
        partition by subject_no
        order by day desc
    )
)

select
    subjects.level,
    subjects.id,
    backwards.day as valid_from,
    coalesce(backwards.next_day, {{ last_day_ever() }}) as valid_until,
    {{ money('exposures.exposure - backwards.moved_later') }} as exposure
from backwards
inner join subjects on backwards.subject_no = subjects.subject_no
inner join exposures
    on subjects.level = exposures.level
        and subjects.id = exposures.id
