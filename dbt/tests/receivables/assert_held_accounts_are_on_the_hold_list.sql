-- What stops an account's orders is on the list that says why: an account is held
-- exactly when its bill-to stands on credit_hold, and nobody who bypasses the list
-- does.
with holds as (
    select
        account_key,
        bill_to_account_key,
        is_held
    from {{ ref('int_account_hold') }}
),

listed as (
    select account_key
    from {{ ref('credit_hold') }}
    where level = 'account'
),

bypassing as (
    select id
    from {{ ref('credit_exposure') }}
    where level = 'account'
        and bypass
)

select
    holds.account_key,
    holds.bill_to_account_key,
    holds.is_held
from holds
left join listed on holds.bill_to_account_key = listed.account_key
left join bypassing on holds.bill_to_account_key = bypassing.id
where holds.is_held <> (listed.account_key is not null)
    or (holds.is_held and bypassing.id is not null)
