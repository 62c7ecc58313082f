-- Grain: one row per ERP order line with a shipment or invoice line of any date.
-- Quantities are those in effect at the as-of date: null where the line has no dated
-- event of that kind at all, zero where every one is later.
with events as (
    select
        order_line_key,
        kind,
        event_date,
        case when is_in_effect then quantity else 0 end as quantity
    from {{ ref('int_order_line_events') }}
)

select
    order_line_key,
    {{ qty("sum(case when kind = 'shipped' then quantity end)") }} as qty_shipped,
    {{ qty("sum(case when kind = 'invoiced' then greatest(quantity, 0) end)") }}
        as qty_billed,
    {{ qty("sum(case when kind = 'invoiced' then greatest(-quantity, 0) end)") }}
        as qty_credited,
    max(event_date) as last_moved_on
from events
group by order_line_key
