-- Who is on hold today is who has an open period, and for the same rules.
with listed as (
    select
        level,
        id,
        rule
    from {{ ref('int_reaching_reasons') }}
    where action = 'block'
),

open_periods as (
    select
        periods.level,
        periods.id,
        periods.rule
    from {{ ref('int_hold_periods') }} as periods
    inner join {{ ref('stg_run_context') }} as run_context
        on periods.period_until > run_context.as_of_date
),

told as (
    select
        level,
        id
    from {{ ref('credit_hold_history') }}
    where is_open
),

held as (
    select
        level,
        id
    from {{ ref('credit_hold') }}
)

select distinct
    coalesce(listed.level, open_periods.level) as level,
    coalesce(listed.id, open_periods.id) as id,
    coalesce(listed.rule, open_periods.rule) as rule
from listed
full outer join open_periods
    on listed.level = open_periods.level
        and listed.id = open_periods.id
        and listed.rule = open_periods.rule
where listed.id is null
    or open_periods.id is null
union all
select
    coalesce(told.level, held.level) as level,
    coalesce(told.id, held.id) as id,
    'on one list only' as rule
from told
full outer join held
    on told.level = held.level
        and told.id = held.id
where told.id is null
    or held.id is null
