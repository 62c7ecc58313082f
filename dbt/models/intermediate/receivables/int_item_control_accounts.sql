-- Grain: one row per open item and date at which its ledger states any balance, and at
-- the as-of date: the balance of the general ledger it is part of.
-- An item without a control account stands on the only one that its ledger delivers.
with gl_accounts as (
    select
        as_of_date,
        entity_key,
        control_account,
        bool_and(is_all_currencies) as is_all_currencies,
        count(*) over (partition by as_of_date, entity_key) as control_accounts
    from {{ ref('int_gl_balances') }}
    group by as_of_date, entity_key, control_account
),

ledger_dates as (
    select distinct
        as_of_date,
        entity_key
    from gl_accounts
),

open_items as (
    select
        items.*,
        documents.source,
        documents.entity_key,
        documents.control_account
    from {{ ref('int_open_items') }} as items
    inner join {{ ref('int_documents') }} as documents
        on items.document_key = documents.document_key
    left join ledger_dates
        on items.as_of_date = ledger_dates.as_of_date
            and documents.entity_key = ledger_dates.entity_key
    where items.is_current
        or ledger_dates.entity_key is not null
),

placed as (
    select
        open_items.open_item_key,
        open_items.as_of_date,
        open_items.is_current,
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
        on open_items.as_of_date = sole.as_of_date
            and open_items.entity_key = sole.entity_key
            and sole.control_accounts = 1
)

select
    placed.open_item_key,
    placed.as_of_date,
    placed.is_current,
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
    on placed.as_of_date = gl_accounts.as_of_date
        and placed.entity_key = gl_accounts.entity_key
        and placed.control_account = gl_accounts.control_account
