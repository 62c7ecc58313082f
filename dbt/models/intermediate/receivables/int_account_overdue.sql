-- Grain: one row per billed account and rule on overdue items that is on for it.
-- Amounts in the currency the account is compared in. Overdue items are held against
-- the account they stand on, never against its customer.
with account_rules as (
    select * from {{ ref('int_subject_rules') }}
    where level = 'account'
        and rule in ('days_overdue', 'amount_overdue')
        and action <> 'off'
),

subjects as (
    select * from {{ ref('int_credit_subjects') }}
    where level = 'account'
),

overdue_items as (
    select
        account_key,
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

-- A pair of currencies has at most one rate at the as-of date.
answered as (
    select
        account_rules.id as account_key,
        account_rules.rule,
        account_rules.threshold,
        overdue_items.days_overdue,
        overdue_items.overdue > 0 as is_debit,
        {{ compared('overdue_items', 'overdue', 'subjects', 'fx_as_of') }} as amount
    from account_rules
    inner join subjects on account_rules.id = subjects.account_key
    inner join overdue_items on account_rules.id = overdue_items.account_key
    left join fx_as_of
        on overdue_items.base_currency = fx_as_of.from_currency
            and subjects.currency = fx_as_of.to_currency
)

select
    account_key,
    rule,
    max(case when is_debit then days_overdue end) as oldest_days,
    {{ sum_whole('amount') }} as overdue,
    case
        when rule = 'days_overdue'
            then {{ sum_whole("""case
                when is_debit and days_overdue > coalesce(threshold, 0) then amount
                else 0
            end""") }}
    end as overdue_beyond
from answered
group by account_key, rule
