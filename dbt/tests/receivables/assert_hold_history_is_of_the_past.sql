-- No period begins after the as-of date, ends before it begins, or touches the next
-- one: two that touch are one.
with periods as (
    select
        *,
        lead(held_from) over (
            partition by level, id
            order by period_no
        ) as next_from
    from {{ ref('credit_hold_history') }}
)

select
    level,
    id,
    period_no
from periods
where held_from > as_of_date
    or held_to < held_from
    or (held_to is null and not is_open)
    or (is_open and next_from is not null)
    or next_from <= {{ add_days('held_to', 1) }}
