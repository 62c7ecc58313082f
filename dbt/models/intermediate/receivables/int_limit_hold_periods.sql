-- Grain: one row per credit subject, blocking rule on its limit and unbroken period in
-- which it found something, from period_from up to and without period_until.
-- Limits and the ledger balance by day; all else of the exposure, rules, thresholds and
-- rates as known at the as-of date. Less than half a cent over a limit in the past is
-- the rounding of what was converted, and is not over it. The last period is judged by
-- the share that credit_exposure shows; to divide for each one would take minutes.
with rules as (
    select * from {{ ref('int_subject_rules') }}
    where rule in ('over_limit', 'limit_share', 'limit_expired')
        and action = 'block'
),

limits as (
    select * from {{ ref('int_subject_limit_periods') }}
),

exposures as (
    select * from {{ ref('int_exposure_periods') }}
),

subjects as (
    select * from {{ ref('int_credit_subjects') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

compared as (
    select
        limits.level,
        limits.id,
        limits.credit_limit,
        exposures.exposure,
        greatest(limits.valid_from, exposures.valid_from) as period_from,
        least(limits.valid_until, exposures.valid_until) as period_until,
        exposures.valid_until > run_context.as_of_date as is_last
    from limits
    inner join exposures
        on limits.level = exposures.level
            and limits.id = exposures.id
            and limits.valid_from < exposures.valid_until
            and limits.valid_until > exposures.valid_from
    inner join subjects
        on limits.level = subjects.level
            and limits.id = subjects.id
            and subjects.has_receivables
    cross join run_context
    where limits.credit_limit is not null
        and exposures.exposure > 0
),

found as (
    select
        compared.level,
        compared.id,
        rules.rule,
        compared.period_from,
        compared.period_until
    from compared
    inner join rules
        on compared.level = rules.level
            and compared.id = rules.id
            and rules.rule in ('over_limit', 'limit_share')
    where case rules.rule
        when 'over_limit'
            then compared.exposure > compared.credit_limit + rules.threshold + case
                when compared.is_last then 0
                else cast(0.0049 as decimal(18, 4))
            end
        else case
            when compared.is_last
                then {{ ratio('compared.exposure * 100', 'compared.credit_limit') }}
                    > rules.threshold
            else compared.credit_limit > 0
                and cast(compared.exposure as decimal(20, 4)) * 100
                > cast(compared.credit_limit as decimal(20, 4)) * rules.threshold
        end
    end
    union all
    select
        limits.level,
        limits.id,
        rules.rule,
        limits.valid_from as period_from,
        limits.valid_until as period_until
    from limits
    inner join rules
        on limits.level = rules.level
            and limits.id = rules.id
            and rules.rule = 'limit_expired'
    where limits.is_expired
        and (limits.level <> 'customer' or limits.limit_source = 'steward')
)

{{ unbroken_periods('found', ['level', 'id', 'rule']) }}
