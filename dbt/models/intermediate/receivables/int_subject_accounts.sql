-- Grain: one row per credit subject and account that stands under it.
with accounts as (
    select * from {{ ref('int_billed_accounts') }}
)

select
    'account' as level,
    account_key as id,
    account_key
from accounts
union all
select
    'customer' as level,
    customer_id as id,
    account_key
from accounts
union all
select
    'group' as level,
    group_id as id,
    account_key
from accounts
