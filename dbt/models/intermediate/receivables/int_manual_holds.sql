-- Grain: one row per account and unbroken period in which a person keeps it on hold,
-- from held_from up to and without held_until, begun by the as-of date. The reason and
-- who set it are the last ones stated.
with held as (
    select
        periods.account_key,
        periods.valid_from as held_from,
        least(
            periods.valid_until,
            coalesce({{ add_days('periods.hold_until', 1) }}, {{ last_day_ever() }})
        ) as held_until,
        periods.hold_reason,
        periods.hold_set_by
    from {{ ref('int_account_limit_periods') }} as periods
    inner join {{ ref('stg_run_context') }} as run_context
        on periods.valid_from <= run_context.as_of_date
    where periods.on_hold
        and coalesce(periods.hold_until >= periods.valid_from, true)
),

marked as (
    select
        *,
        case
            when held_from <= max(held_until) over (
                partition by account_key
                order by held_from
                rows between unbounded preceding and 1 preceding
            ) then 0
            else 1
        end as is_first
    from held
),

numbered as (
    select
        *,
        sum(is_first) over (
            partition by account_key
            order by held_from
            rows between unbounded preceding and current row
        ) as hold_no
    from marked
),

latest as (
    select
        *,
        row_number() over (
            partition by account_key, hold_no
            order by held_from desc
        ) as age
    from numbered
)

select
    account_key,
    min(held_from) as held_from,
    max(held_until) as held_until,
    max(case when age = 1 then hold_reason end) as hold_reason,
    max(case when age = 1 then hold_set_by end) as hold_set_by
from latest
group by account_key, hold_no
