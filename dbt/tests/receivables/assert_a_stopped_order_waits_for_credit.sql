-- The orders that a hold stops are those of which a line waits for it, drafts aside,
-- which are no orders yet: as many by account on the hold list as among the lines.
with listed as (
    select
        account_key,
        stopped_orders
    from {{ ref('credit_hold') }}
    where level = 'account'
),

waiting as (
    select
        bill_to_account_key as account_key,
        count(distinct order_key) as orders
    from {{ ref('unprocessed_order_lines') }}
    where record_type = 'erp_order'
        and state <> 'draft'
        and '; ' || reasons || ';' like '%; credit_hold;%'
    group by bill_to_account_key
)

select
    coalesce(listed.account_key, waiting.account_key) as account_key,
    listed.stopped_orders,
    waiting.orders
from listed
full outer join waiting on listed.account_key = waiting.account_key
where coalesce(listed.stopped_orders, 0) <> coalesce(waiting.orders, 0)
