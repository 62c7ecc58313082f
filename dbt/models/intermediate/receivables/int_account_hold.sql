-- Grain: one row per account: whether its orders are stopped, and why.
-- Holds stand on the bill-to: an account that is billed through another one is held
-- when that one is.
with accounts as (
    select
        account_key,
        bill_to_account_key
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
    holds.leading_reason,
    holds.reasons,
    holds.warnings,
    holds.held_since
from accounts
left join holds on accounts.bill_to_account_key = holds.id
