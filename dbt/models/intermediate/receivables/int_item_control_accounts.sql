-- Grain: one row per open item: the balance of the general ledger it is part of.
-- An item without a control account stands on the only one that its ledger delivers.
with open_items as (
    select * from {{ ref('ar_open_items') }}
),

gl_accounts as (
    select
        entity_key,
        control_account,
        bool_and(is_all_currencies) as is_all_currencies,
        count(*) over (partition by entity_key) as control_accounts
    from {{ ref('int_gl_balances') }}
    group by entity_key, control_account
),

placed as (
    select
        open_items.open_item_key,
        open_items.source,
        open_items.account_key,
        open_items.entity_key,
        coalesce(open_items.control_account, sole.control_account, '(none)')
            as control_account,
        open_items.currency,
        open_items.base_currency,
        open_items.residual,
        open_items.residual_base
    from open_items
    left join gl_accounts as sole
        on open_items.entity_key = sole.entity_key
            and sole.control_accounts = 1
)

select
    placed.open_item_key,
    placed.source,
    placed.account_key,
    placed.entity_key,
    placed.control_account,
    placed.currency,
    placed.base_currency,
    case
        when gl_accounts.is_all_currencies then placed.base_currency
        else placed.currency
    end as balance_currency,
    case
        when gl_accounts.is_all_currencies then placed.residual_base
        else placed.residual
    end as balance,
    placed.residual_base as base_balance
from placed
left join gl_accounts
    on placed.entity_key = gl_accounts.entity_key
        and placed.control_account = gl_accounts.control_account
