-- The order names a reason if and only if one of its lines does, and both lead with the
-- first one they name.
with named as (
    select
        record_type,
        order_key,
        leading_reason,
        reasons
    from {{ ref('unprocessed_order_lines') }}
),

orders as (
    select * from {{ ref('unprocessed_orders') }}
)

select
    named.record_type,
    named.order_key,
    named.reasons
from named
inner join orders
    on named.record_type = orders.record_type
        and named.order_key = orders.order_key
where '; ' || orders.reasons || ';' not like '%; ' || named.leading_reason || ';%'
    or named.reasons || ';' not like named.leading_reason || ';%'
    or orders.reasons || ';' not like orders.leading_reason || ';%'
