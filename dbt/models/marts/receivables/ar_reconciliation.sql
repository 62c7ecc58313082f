-- Grain: one row per ledger, control account and currency, at the as-of date.
-- Amounts: currency of the row, `_base` the ledger's. Sub-ledger: the open items.
with items as (
    select * from {{ ref('int_item_control_accounts') }}
),

gl_balances as (
    select * from {{ ref('int_gl_balances') }}
),

source_info as (
    select * from {{ ref('stg_source_info') }}
),

entity as (
    select * from {{ ref('stg_erp_entity') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

subledger as (
    select
        entity_key,
        control_account,
        balance_currency as currency,
        sum(balance) as balance,
        sum(base_balance) as base_balance
    from items
    group by entity_key, control_account, balance_currency
),

compared as (
    select
        coalesce(subledger.entity_key, gl_balances.entity_key) as entity_key,
        coalesce(subledger.control_account, gl_balances.control_account)
            as control_account,
        coalesce(subledger.currency, gl_balances.currency) as currency,
        coalesce(gl_balances.is_all_currencies, false) as is_all_currencies,
        {{ money('coalesce(subledger.balance, 0)') }} as subledger,
        {{ money('coalesce(subledger.base_balance, 0)') }} as subledger_base,
        gl_balances.balance as general_ledger,
        gl_balances.base_balance as general_ledger_base
    from subledger
    full outer join gl_balances
        on subledger.entity_key = gl_balances.entity_key
            and subledger.control_account = gl_balances.control_account
            and subledger.currency = gl_balances.currency
)

select
    entity.source,
    compared.entity_key,
    entity.name as entity_name,
    compared.control_account,
    compared.currency,
    entity.base_currency,
    compared.is_all_currencies,
    compared.subledger,
    compared.general_ledger,
    {{ money('compared.subledger - compared.general_ledger') }} as difference,
    compared.subledger_base,
    compared.general_ledger_base,
    {{ money('compared.subledger_base - compared.general_ledger_base') }}
        as difference_base,
    case
        when compared.general_ledger is null then 'not delivered'
        when abs(compared.subledger - compared.general_ledger) < 0.005
            and abs(compared.subledger_base - compared.general_ledger_base) < 0.005
            then 'agrees'
        else 'differs'
    end as status,
    run_context.as_of_date
from compared
inner join entity on compared.entity_key = entity.entity_key
inner join source_info
    on entity.source = source_info.source
        and source_info.settlement in ('allocations', 'live_balance')
cross join run_context
