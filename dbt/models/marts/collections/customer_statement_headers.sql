-- Grain: one row per statement: account and document currency with an open balance or a
-- movement in the period, from the first day of the as-of date's month to that date.
-- Opening + debits - credits = closing = the outstanding of ar_ageing. A source that
-- states live balances has no past: opening, debits and credits are not known.
{%- set buckets = ['not_due', 'd1_30', 'd31_60', 'd61_90', 'd90_plus',
    'unallocated_credit', 'overdue', 'disputed'] %}
with ageing as (
    select * from {{ ref('ar_ageing') }}
),

open_balances as (
    select distinct
        account_key,
        currency
    from {{ ref('ar_open_items') }}
    where residual <> 0
),

movements as (
    select
        account_key,
        currency,
        {{ money("sum(case when movement = 'opening' then effect else 0 end)") }}
            as opening_balance,
        {{ money("""sum(case
            when movement <> 'opening' then greatest(effect, 0) else 0
        end)""") }} as debits,
        {{ money("""sum(case
            when movement <> 'opening' then greatest(-effect, 0) else 0
        end)""") }} as credits,
        count(case when movement <> 'opening' then 1 end) as movements
    from {{ ref('int_statement_movements') }}
    group by account_key, currency
),

subjects as (
    select
        coalesce(ageing.account_key, movements.account_key) as account_key,
        coalesce(ageing.currency, movements.currency) as currency,
        coalesce(ageing.outstanding, 0) as closing_balance,
        coalesce(movements.opening_balance, 0) as opening_balance,
        coalesce(movements.debits, 0) as debits,
        coalesce(movements.credits, 0) as credits,
        {%- for bucket in buckets %}
        coalesce(ageing.{{ bucket }}, 0) as {{ bucket }},
        {%- endfor %}
        coalesce(ageing.oldest_days, 0) as oldest_days,
        ageing.last_payment_date,
        ageing.last_payment_amount
    from ageing
    full join movements
        on ageing.account_key = movements.account_key
            and ageing.currency = movements.currency
    left join open_balances
        on ageing.account_key = open_balances.account_key
            and ageing.currency = open_balances.currency
    where open_balances.account_key is not null
        or movements.movements > 0
),

addressees as (
    select * from {{ ref('int_addressees') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
)

select
    subjects.account_key || '/' || subjects.currency || '/'
    || cast(run_context.as_of_date as varchar) as statement_id,
    {{ addressee_columns('addressees') }}
    addressees.account_type,
    subjects.currency,
    {{ month_start('run_context.as_of_date') }} as period_from,
    case when addressees.settlement = 'allocations' then subjects.opening_balance end
        as opening_balance,
    case when addressees.settlement = 'allocations' then subjects.debits end as debits,
    case when addressees.settlement = 'allocations' then subjects.credits end
        as credits,
    subjects.closing_balance,
    {%- for bucket in buckets %}
    subjects.{{ bucket }},
    {%- endfor %}
    subjects.oldest_days,
    subjects.last_payment_date,
    subjects.last_payment_amount,
    addressees.settlement = 'live_balance' as is_live_balance,
    run_context.as_of_date,
    run_context.is_forced
from subjects
cross join run_context
inner join addressees on subjects.account_key = addressees.account_key
