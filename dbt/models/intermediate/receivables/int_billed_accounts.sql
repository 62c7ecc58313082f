-- Grain: one row per account that is billed: it is its own bill-to, or something stands
-- in its exposure all the same. Credit limits and holds are of these.
with accounts as (
    select * from {{ ref('int_accounts') }}
),

account_customer as (
    select * from {{ ref('int_account_customer') }}
),

exposed as (
    select distinct account_key
    from {{ ref('int_exposure_terms') }}
)

select
    accounts.account_key,
    accounts.source,
    accounts.account_code,
    accounts.account_name,
    accounts.entity_key,
    accounts.base_currency,
    accounts.status,
    accounts.deleted_on,
    accounts.settlement in ('allocations', 'live_balance') as has_receivables,
    account_customer.customer_id,
    account_customer.group_id
from accounts
inner join account_customer on accounts.account_key = account_customer.account_key
left join exposed on accounts.account_key = exposed.account_key
where accounts.bill_to_account_key = accounts.account_key
    or exposed.account_key is not null
