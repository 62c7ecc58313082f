-- Grain: one row per date of int_ageing_dates and account with open items then, or at
-- the end of the month before. Amounts: reporting currency.
-- Receivables: the open debits, so what the buckets hold; what is unallocated stands in
-- the outstanding only. Opening: at the end of the month before; null where a live
-- balance says nothing of that day.
with ageing as (
    select
        as_of_date,
        account_key,
        bool_or(is_live_balance) as is_live_balance,
        {{ sum_whole('outstanding_reporting') }} as outstanding,
        {{ sum_whole('outstanding_reporting - unallocated_credit_reporting') }}
            as receivables,
        {{ sum_whole('not_due_reporting') }} as not_due,
        {{ sum_whole('overdue_reporting') }} as overdue,
        {{ sum_whole('d90_plus_reporting') }} as d90_plus
    from {{ ref('int_account_ageing') }}
    group by as_of_date, account_key
),

dates as (
    select
        as_of_date,
        {{ month_end(add_months('as_of_date', -1)) }} as opened_on
    from {{ ref('int_ageing_dates') }}
),

keys as (
    select
        as_of_date,
        account_key
    from ageing
    union
    select
        dates.as_of_date,
        ageing.account_key
    from dates
    inner join ageing on dates.opened_on = ageing.as_of_date
)

-- An account has one balance at a date.
select
    keys.as_of_date,
    keys.account_key,
    {{ zero_if_absent('closing.account_key', 'closing.outstanding') }} as outstanding,
    {{ zero_if_absent('closing.account_key', 'closing.receivables') }} as receivables,
    {{ zero_if_absent('closing.account_key', 'closing.not_due') }} as not_due,
    {{ zero_if_absent('closing.account_key', 'closing.overdue') }} as overdue,
    {{ zero_if_absent('closing.account_key', 'closing.d90_plus') }} as d90_plus,
    case
        when opening.account_key is not null then opening.receivables
        when closing.is_live_balance then null
        else 0
    end as receivables_opening
from keys
inner join dates on keys.as_of_date = dates.as_of_date
left join ageing as closing
    on keys.as_of_date = closing.as_of_date
        and keys.account_key = closing.account_key
left join ageing as opening
    on dates.opened_on = opening.as_of_date
        and keys.account_key = opening.account_key
