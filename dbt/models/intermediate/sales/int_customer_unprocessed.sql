-- Grain: one row per customer with an unprocessed order or accepted quote.
-- Amount: reporting currency; what has no price is left out and counted, as within an
-- order; null where one has no rate.
with orders as (
    select * from {{ ref('unprocessed_orders') }}
    where customer_id is not null
)

select
    customer_id,
    cast(count(*) as integer) as unprocessed_orders,
    cast(count(case when days_late > 0 then 1 end) as integer) as late_orders,
    cast(count(case when lines_unpriced > 0 or open_net is null then 1 end) as integer)
        as unpriced_orders,
    {{ money(known_sum('open_net_reporting', 'open_net is not null')) }}
        as unprocessed_net
from orders
group by customer_id
