-- Grain: one row per level and subject that a steward gave a limit by the as-of date.
-- The last one to have begun; an expired one still stands. A customer is named by any
-- of its companies; where several of them have a limit, the last to have begun counts.
with credit_limit as (
    select * from {{ ref('stg_credit_limit') }}
),

scope_ids as (
    select * from {{ ref('int_scope_ids') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

named as (
    select
        credit_limit.level,
        scope_ids.id,
        credit_limit.credit_limit,
        credit_limit.currency,
        credit_limit.valid_to,
        row_number() over (
            partition by credit_limit.level, scope_ids.id
            order by
                credit_limit.valid_from desc,
                credit_limit.id asc,
                credit_limit.source asc
        ) as age
    from credit_limit
    inner join run_context on credit_limit.valid_from <= run_context.as_of_date
    inner join scope_ids
        on credit_limit.level = scope_ids.level
            and credit_limit.id = scope_ids.named_id
)

select
    level,
    id,
    credit_limit,
    currency,
    valid_to
from named
where age = 1
