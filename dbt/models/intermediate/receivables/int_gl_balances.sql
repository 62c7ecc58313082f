-- Grain: one row per ledger, control account and currency with a balance at the as-of
-- date. A control account that is stated in base currency alone holds the documents of
-- every currency: is_all_currencies.
with gl_balance as (
    select * from {{ ref('stg_erp_gl_control_balance') }}
),

entity as (
    select * from {{ ref('stg_erp_entity') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
)

select
    gl_balance.source,
    gl_balance.entity_key,
    gl_balance.control_account,
    gl_balance.currency,
    entity.base_currency,
    gl_balance.balance,
    gl_balance.base_balance,
    bool_and(gl_balance.currency = entity.base_currency) over (
        partition by gl_balance.entity_key, gl_balance.control_account
    ) as is_all_currencies,
    gl_balance.as_of
from gl_balance
inner join run_context on gl_balance.as_of = run_context.as_of_date
inner join entity on gl_balance.entity_key = entity.entity_key
