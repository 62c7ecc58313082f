-- Grain: one row per customer with an unprocessed order or accepted quote.
-- Amounts: reporting currency; null where one of them has no price or no rate.
with orders as (
    select * from {{ ref('unprocessed_orders') }}
    where customer_id is not null
)

select
    customer_id,
    cast(count(*) as integer) as unprocessed_orders,
    cast(count(case when days_late > 0 then 1 end) as integer) as late_orders,
    {{ money(known_sum('open_net_reporting')) }} as unprocessed_net
from orders
group by customer_id
