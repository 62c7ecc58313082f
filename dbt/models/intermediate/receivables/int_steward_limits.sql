-- Grain: one row per level and subject that a steward gave a limit by the as-of date:
-- the one that holds then, or the last one, expired.
select
    periods.level,
    periods.id,
    periods.credit_limit,
    periods.currency,
    periods.valid_to
from {{ ref('int_steward_limit_periods') }} as periods
inner join {{ ref('stg_run_context') }} as run_context
    on periods.valid_from <= run_context.as_of_date
        and periods.valid_until > run_context.as_of_date
