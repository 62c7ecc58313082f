-- Grain: one row per credit subject and rule on overdue items that is on for it.
-- Amounts in the subject's currency. An account with a rule of its own answers to that
-- one alone, and one that bypasses the list to none: neither counts for its customer.
with subject_rules as (
    select * from {{ ref('int_subject_rules') }}
    where rule in ('days_overdue', 'amount_overdue')
        and action <> 'off'
),

account_rules as (
    select * from {{ ref('int_subject_rules') }}
    where level = 'account'
        and scope_level = 'account'
),

subjects as (
    select * from {{ ref('int_credit_subjects') }}
),

subject_accounts as (
    select * from {{ ref('int_subject_accounts') }}
),

account_limits as (
    select
        account_key,
        bypass
    from {{ ref('int_account_limits') }}
),

overdue_items as (
    select
        account_key,
        due_date,
        days_overdue,
        currency,
        base_currency,
        overdue,
        overdue_base
    from {{ ref('ar_open_items') }}
    where overdue <> 0
),

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
),

answered as (
    select
        subject_rules.level,
        subject_rules.id,
        subject_rules.rule,
        subject_rules.threshold,
        overdue_items.due_date,
        overdue_items.days_overdue,
        {{ compared('overdue_items', 'overdue', 'subjects', 'fx_as_of') }} as amount
    from subject_rules
    inner join subjects
        on subject_rules.level = subjects.level
            and subject_rules.id = subjects.id
    inner join subject_accounts
        on subject_rules.level = subject_accounts.level
            and subject_rules.id = subject_accounts.id
    inner join account_limits
        on subject_accounts.account_key = account_limits.account_key
    inner join overdue_items on subject_accounts.account_key = overdue_items.account_key
    left join account_rules
        on subject_accounts.account_key = account_rules.id
            and subject_rules.rule = account_rules.rule
    left join fx_as_of
        on overdue_items.base_currency = fx_as_of.from_currency
            and subjects.currency = fx_as_of.to_currency
    where subject_rules.level = 'account'
        or (account_rules.id is null and not account_limits.bypass)
),

running as (
    select
        *,
        sum(greatest(amount, 0)) over (
            partition by level, id, rule
            order by due_date
            range between unbounded preceding and current row
        ) as overdue_by_then
    from answered
)

select
    level,
    id,
    rule,
    max(case when amount > 0 then days_overdue end) as oldest_days,
    {{ money('sum(amount)') }} as overdue,
    case
        when rule = 'days_overdue'
            then {{ money("""sum(case
                when amount > 0 and days_overdue > coalesce(threshold, 0) then amount
                else 0
            end)""") }}
    end as overdue_beyond,
    min(case when amount > 0 then due_date end) as oldest_due_date,
    min(case
        when rule = 'amount_overdue' and overdue_by_then > threshold then due_date
    end) as exceeded_due_date
from running
group by level, id, rule
