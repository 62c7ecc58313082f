-- Grain: one row per account or customer, blocking rule, level at which it found
-- something, and unbroken period in which that held it, from period_from up to and
-- without period_until.
-- Days on which an account bypasses the list are no part of it; a customer bypasses by
-- what is known today.
with rule_periods as (
    select * from {{ ref('int_rule_periods') }}
),

reach as (
    select * from {{ ref('int_rule_reach') }}
    where action = 'block'
),

subjects as (
    select * from {{ ref('int_credit_subjects') }}
),

profiles as (
    select * from {{ ref('int_account_limit_periods') }}
),

own_limits as (
    select id as customer_id
    from {{ ref('int_subject_limit_periods') }}
    where level = 'customer'
    group by id
    having bool_and(is_limit_of_its_account)
),

bypassing as (
    select distinct account_key
    from profiles
    where bypass
),

-- When a subject is on the list at all: always, but for accounts with a bypass.
listed as (
    select
        subjects.level,
        subjects.id,
        subjects.has_receivables,
        {{ first_day_ever() }} as listed_from,
        {{ last_day_ever() }} as listed_until
    from subjects
    left join bypassing on subjects.account_key = bypassing.account_key
    where bypassing.account_key is null
        and (subjects.level = 'account' or not subjects.bypass)
    union all
    select
        subjects.level,
        subjects.id,
        subjects.has_receivables,
        {{ first_day_ever() }} as listed_from,
        min(profiles.valid_from) as listed_until
    from subjects
    inner join bypassing on subjects.account_key = bypassing.account_key
    inner join profiles on subjects.account_key = profiles.account_key
    group by subjects.level, subjects.id, subjects.has_receivables
    union all
    select
        subjects.level,
        subjects.id,
        subjects.has_receivables,
        profiles.valid_from as listed_from,
        profiles.valid_until as listed_until
    from subjects
    inner join bypassing on subjects.account_key = bypassing.account_key
    inner join profiles
        on subjects.account_key = profiles.account_key
            and not profiles.bypass
),

-- What a customer of one account finds by that account's limit, the account finds
-- itself.
reaching as (
    select
        reach.level,
        reach.id,
        reach.rule,
        reach.found_at,
        greatest(rule_periods.period_from, listed.listed_from) as period_from,
        least(rule_periods.period_until, listed.listed_until) as period_until
    from rule_periods
    inner join reach
        on rule_periods.level = reach.found_at
            and rule_periods.id = reach.found_id
            and rule_periods.rule = reach.rule
    inner join listed
        on reach.level = listed.level
            and reach.id = listed.id
            and rule_periods.period_from < listed.listed_until
            and rule_periods.period_until > listed.listed_from
    left join own_limits
        on case
            when reach.level = 'account' and reach.found_at = 'customer'
                then reach.found_id
        end = own_limits.customer_id
    where own_limits.customer_id is null
        and (listed.has_receivables or not {{ is_money_rule('reach.rule') }})
),

begun as (
    select reaching.*
    from reaching
    inner join {{ ref('stg_run_context') }} as run_context
        on reaching.period_from <= run_context.as_of_date
)

{{ unbroken_periods('begun', ['level', 'id', 'rule', 'found_at']) }}
