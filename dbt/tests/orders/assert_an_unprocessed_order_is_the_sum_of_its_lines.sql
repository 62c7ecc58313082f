with summed as (
    select
        record_type,
        order_key,
        count(order_line_key) as lines,
        sum(qty_to_ship) as qty_to_ship,
        sum(qty_to_invoice) as qty_to_invoice,
        sum(open_net) as open_net,
        sum(open_net_base) as open_net_base,
        sum(open_net_reporting) as open_net_reporting,
        max(order_total) as order_total
    from {{ ref('unprocessed_order_lines') }}
    group by record_type, order_key
)

select
    coalesce(orders.record_type, summed.record_type) as record_type,
    coalesce(orders.order_key, summed.order_key) as order_key
from {{ ref('unprocessed_orders') }} as orders
full outer join summed
    on orders.record_type = summed.record_type
        and orders.order_key = summed.order_key
where summed.order_key is null
    or orders.order_key is null
    or orders.lines <> summed.lines
    or orders.qty_to_ship is distinct from summed.qty_to_ship
    or orders.qty_to_invoice is distinct from summed.qty_to_invoice
    or orders.open_net is distinct from summed.open_net
    or orders.open_net_base is distinct from summed.open_net_base
    or orders.open_net_reporting is distinct from summed.open_net_reporting
    or orders.order_total is distinct from summed.order_total
