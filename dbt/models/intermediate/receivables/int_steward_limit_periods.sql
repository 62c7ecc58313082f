-- Grain: one row per level, subject and period in which one limit of a steward holds,
-- from valid_from up to and without valid_until, of any date.
-- The last one to have begun and still valid; where none is, the last one that was
-- still stands, expired. A customer is named by any of its companies; where several of
-- them have a limit, the last to have begun counts.
with credit_limit as (
    select * from {{ ref('stg_credit_limit') }}
),

scope_ids as (
    select * from {{ ref('int_scope_ids') }}
),

named as (
    select
        credit_limit.level,
        scope_ids.id,
        credit_limit.id as named_id,
        credit_limit.source,
        credit_limit.valid_from,
        credit_limit.valid_to,
        credit_limit.credit_limit,
        credit_limit.currency
    from credit_limit
    inner join scope_ids
        on credit_limit.level = scope_ids.level
            and credit_limit.id = scope_ids.named_id
),

days as (
    select
        level,
        id,
        valid_from as day
    from named
    union
    select
        level,
        id,
        {{ add_days('valid_to', 1) }} as day
    from named
    where valid_to is not null
),

ranked as (
    select
        named.*,
        days.day,
        row_number() over (
            partition by days.level, days.id, days.day
            order by
                {{ in_force_first('named', 'days.day') }},
                named.named_id asc,
                named.source asc
        ) as choice
    from days
    inner join named
        on days.level = named.level
            and days.id = named.id
            and days.day >= named.valid_from
)

select
    level,
    id,
    day as valid_from,
    {{ next_day('level, id', 'day') }} as valid_until,
    credit_limit,
    currency,
    valid_to,
    coalesce(valid_to < day, false) as is_expired
from ranked
where choice = 1
