-- Grain: one row per account: whether it is held, why, and what that stops.
-- Holds stand on the bill-to: an account that is billed through another one is held
-- when that one is. stops_orders: it stops orders of which nothing says that they are
-- prepaid, which is what terms of payment in advance say of each.
with accounts as (
    select
        account_key,
        bill_to_account_key,
        pays_in_advance
    from {{ ref('int_accounts') }}
),

holds as (
    select * from {{ ref('int_subject_holds') }}
    where level = 'account'
)

select
    accounts.account_key,
    accounts.bill_to_account_key,
    coalesce(holds.is_held, false) as is_held,
    coalesce(
        holds.is_held and (holds.stops_prepaid_orders or not payers.pays_in_advance),
        false
    ) as stops_orders,
    coalesce(holds.stops_prepaid_orders, false) as stops_prepaid_orders,
    coalesce(holds.stops_invoicing, false) as stops_invoicing,
    holds.leading_reason,
    holds.reasons,
    holds.warnings,
    holds.held_since
from accounts
inner join accounts as payers on accounts.bill_to_account_key = payers.account_key
left join holds on accounts.bill_to_account_key = holds.id
