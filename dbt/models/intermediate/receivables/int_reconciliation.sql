-- Grain: one row per date at which a ledger states a balance, and the as-of date,
-- ledger, control account and currency: the open items beside the general ledger.
-- Amounts: currency of the row, `_base` the ledger's.
with items as (
    select * from {{ ref('int_item_control_accounts') }}
),

gl_balances as (
    select * from {{ ref('int_gl_balances') }}
),

subledger as (
    select
        as_of_date,
        is_current,
        entity_key,
        control_account,
        balance_currency as currency,
        sum(balance) as balance,
        sum(base_balance) as base_balance
    from items
    group by
        as_of_date,
        is_current,
        entity_key,
        control_account,
        balance_currency
),

compared as (
    select
        coalesce(subledger.as_of_date, gl_balances.as_of_date) as as_of_date,
        coalesce(subledger.is_current, gl_balances.is_current) as is_current,
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
        on subledger.as_of_date = gl_balances.as_of_date
            and subledger.entity_key = gl_balances.entity_key
            and subledger.control_account = gl_balances.control_account
            and subledger.currency = gl_balances.currency
)

select
    as_of_date,
    is_current,
    entity_key,
    control_account,
    currency,
    is_all_currencies,
    subledger,
    subledger_base,
    general_ledger,
    general_ledger_base,
    case
        when general_ledger is null then 'not delivered'
        when abs(subledger - general_ledger) < 0.005
            and abs(subledger_base - general_ledger_base) < 0.005
            then 'agrees'
        else 'differs'
    end as status
from compared
