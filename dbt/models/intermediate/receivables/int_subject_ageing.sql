-- Grain: one row per billed account or customer with open items: what is overdue, in
-- the currency the subject is compared in and in the company's.
with open_items as (
    select * from {{ ref('ar_open_items') }}
),

subject_accounts as (
    select * from {{ ref('int_subject_accounts') }}
    where level in ('account', 'customer')
),

subjects as (
    select * from {{ ref('int_credit_subjects') }}
),

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
),

-- A pair of currencies has at most one rate at the as-of date.
overdue_items as (
    select
        subjects.level,
        subjects.id,
        open_items.days_overdue,
        open_items.overdue,
        open_items.overdue_reporting,
        {{ compared('open_items', 'overdue', 'subjects', 'fx_as_of') }} as amount
    from open_items
    inner join subject_accounts on open_items.account_key = subject_accounts.account_key
    inner join subjects
        on subject_accounts.level = subjects.level
            and subject_accounts.id = subjects.id
    left join fx_as_of
        on open_items.base_currency = fx_as_of.from_currency
            and subjects.currency = fx_as_of.to_currency
    where open_items.overdue <> 0
        or open_items.overdue_base <> 0
)

select
    level,
    id,
    coalesce(max(case when overdue > 0 then days_overdue end), 0) as oldest_days,
    {{ sum_whole('amount') }} as overdue,
    {{ sum_whole('overdue_reporting') }} as overdue_reporting
from overdue_items
group by level, id
