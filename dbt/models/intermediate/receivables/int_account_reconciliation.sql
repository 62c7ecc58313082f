-- Grain: one row per date at which a ledger states a balance, and the as-of date,
-- account and document currency with open items.
-- Reconciled: every control account its items stand on agrees with the general ledger;
-- null where none of them is delivered, or not all and the others agree.
with items as (
    select distinct
        as_of_date,
        account_key,
        currency,
        entity_key,
        control_account,
        balance_currency
    from {{ ref('int_item_control_accounts') }}
),

reconciliation as (
    select * from {{ ref('int_reconciliation') }}
)

select
    items.as_of_date,
    items.account_key,
    items.currency,
    case
        when bool_or(reconciliation.status = 'differs') then false
        when bool_and(reconciliation.status = 'agrees') then true
    end as is_reconciled
from items
left join reconciliation
    on items.as_of_date = reconciliation.as_of_date
        and items.entity_key = reconciliation.entity_key
        and items.control_account = reconciliation.control_account
        and items.balance_currency = reconciliation.currency
group by items.as_of_date, items.account_key, items.currency
