-- Grain: one row per credit subject, blocking rule and unbroken period in which the
-- rule found something against it, from period_from up to and without period_until.
-- The first day ever stands where no day is known: a status that blocks bears none.
with rules as (
    select * from {{ ref('int_subject_rules') }}
    where level = 'account'
        and action = 'block'
),

profiles as (
    select * from {{ ref('int_account_limit_periods') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

accounts as (
    select * from {{ ref('int_billed_accounts') }}
),

found as (
    select
        account_key,
        'manual' as rule,
        held_from as period_from,
        held_until as period_until
    from {{ ref('int_manual_holds') }}
    union all
    select
        profiles.account_key,
        'review_expired' as rule,
        greatest(profiles.valid_from, {{ add_days('profiles.next_review', 1) }})
            as period_from,
        profiles.valid_until as period_until
    from profiles
    inner join run_context
        on profiles.valid_from <= run_context.as_of_date
            and profiles.next_review < run_context.as_of_date
    where profiles.valid_until > {{ add_days('profiles.next_review', 1) }}
    union all
    select
        account_key,
        'status_blocked' as rule,
        {{ first_day_ever() }} as period_from,
        {{ last_day_ever() }} as period_until
    from accounts
    where {{ is_blocked('status') }}
),

-- One row per account and rule; a review that was overdue under two profiles in a row
-- is one period.
of_accounts as (
    select
        found.account_key,
        found.rule,
        found.period_from,
        found.period_until
    from found
    inner join rules
        on found.account_key = rules.id
            and found.rule = rules.rule
),

unbroken as (
    {{ unbroken_periods('of_accounts', ['account_key', 'rule']) }}
)

select
    'account' as level,
    account_key as id,
    rule,
    period_from,
    period_until
from unbroken
union all
select
    'account' as level,
    account_key as id,
    rule,
    period_from,
    period_until
from {{ ref('int_overdue_hold_periods') }}
union all
select
    level,
    id,
    rule,
    period_from,
    period_until
from {{ ref('int_limit_hold_periods') }}
