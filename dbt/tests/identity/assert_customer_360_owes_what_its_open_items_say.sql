-- The balance of all customers is the sum of the open items: nothing twice, nothing
-- lost.
-- Items without a rate make their customer's balance null: left out on both sides.
with customers as (
    select
        customer_id,
        outstanding_reporting
    from {{ ref('customer_360') }}
    where outstanding_reporting is not null
),

items as (
    select sum(open_items.residual_reporting) as outstanding
    from {{ ref('ar_open_items') }} as open_items
    inner join customers on open_items.customer_id = customers.customer_id
),

totals as (
    select sum(outstanding_reporting) as outstanding
    from customers
)

select
    coalesce(totals.outstanding, 0) as of_customers,
    coalesce(items.outstanding, 0) as of_open_items
from totals
cross join items
where coalesce(totals.outstanding, 0) <> coalesce(items.outstanding, 0)
