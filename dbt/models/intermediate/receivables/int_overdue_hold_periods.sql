-- Grain: one row per account, blocking rule on overdue items and unbroken period in
-- which it found something, from period_from up to and without period_until.
-- days_overdue: a debit is open and older than the grace. amount_overdue: what is past
-- its due date adds up to more than the threshold. Rules, thresholds and rates as they
-- are in force at the as-of date.
with rules as (
    select
        id as account_key,
        rule,
        threshold
    from {{ ref('int_subject_rules') }}
    where level = 'account'
        and rule in ('days_overdue', 'amount_overdue')
        and action = 'block'
),

subjects as (
    select * from {{ ref('int_credit_subjects') }}
    where level = 'account'
        and has_receivables
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
),

items as (
    select
        items.*,
        greatest(items.valid_from, items.overdue_from) as late_from
    from {{ ref('int_item_periods') }} as items
    inner join run_context on items.overdue_from <= run_context.as_of_date
    where items.overdue_from < items.valid_until
),

too_old as (
    select
        items.account_key,
        greatest(
            items.valid_from,
            {{ add_days('items.overdue_from', 'floor(coalesce(rules.threshold, 0))') }}
        ) as period_from,
        items.valid_until as period_until
    from items
    inner join rules
        on items.account_key = rules.account_key
            and rules.rule = 'days_overdue'
    inner join subjects on items.account_key = subjects.account_key
    where items.residual > 0
),

valued as (
    select
        items.account_key,
        rules.threshold,
        items.late_from,
        items.valid_until,
        {{ compared('items', 'residual', 'subjects', 'fx_as_of') }} as amount
    from items
    inner join rules
        on items.account_key = rules.account_key
            and rules.rule = 'amount_overdue'
    inner join subjects on items.account_key = subjects.account_key
    left join fx_as_of
        on items.base_currency = fx_as_of.from_currency
            and subjects.currency = fx_as_of.to_currency
),

steps as (
    select
        account_key,
        threshold,
        late_from as day,
        coalesce(amount, 0) as amount,
        case when amount is null then 1 else 0 end as unknown
    from valued
    union all
    select
        account_key,
        threshold,
        valid_until as day,
        -coalesce(amount, 0) as amount,
        case when amount is null then -1 else 0 end as unknown
    from valued
),

by_day as (
    select
        account_key,
        threshold,
        day,
        sum(amount) as amount,
        sum(unknown) as unknown
    from steps
    group by account_key, threshold, day
),

running as (
    select
        account_key,
        threshold,
        day,
        sum(amount) over account_days as overdue,
        sum(unknown) over account_days as unknown,
        lead(day) over account_days as next_day
    from by_day
    window account_days as (
        partition by account_key
        order by day
    )
),

found as (
    select
        account_key,
        'days_overdue' as rule,
        period_from,
        period_until
    from too_old
    where period_from < period_until
    union all
    select
        account_key,
        'amount_overdue' as rule,
        day as period_from,
        next_day as period_until
    from running
    where overdue > threshold
        and unknown = 0
        and next_day is not null
),

begun as (
    select found.*
    from found
    inner join run_context on found.period_from <= run_context.as_of_date
)

{{ unbroken_periods('begun', ['account_key', 'rule']) }}
