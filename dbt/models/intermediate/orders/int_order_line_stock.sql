-- Grain: one row per ERP order line that has goods to ship from stock.
-- What a line has set aside for it serves that line first. What is left on hand, less
-- what is promised beyond that, serves the rest: the earliest due first, then the older
-- order, drafts never. Where no line of an item states what is set aside for it, the
-- stock that is promised to orders is taken to be promised to these.
-- qty_back_ordered: what stays unserved; no row where the source delivers no stock or
-- the line names no item. qty_free and qty_wanted: what there was for the lines of the
-- item beyond what is set aside, and what this one wants of it.
with order_lines as (
    select * from {{ ref('int_order_lines') }}
),

stock as (
    select * from {{ ref('int_item_stock') }}
    where is_stock
),

wanted as (
    select
        order_lines.order_line_key,
        order_lines.order_key,
        order_lines.line_no,
        order_lines.order_date,
        order_lines.due_date,
        order_lines.is_draft,
        order_lines.item_key,
        order_lines.qty_to_ship,
        order_lines.qty_allocated is not null as states_allocation,
        least(coalesce(order_lines.qty_allocated, 0), order_lines.qty_to_ship)
            as qty_reserved,
        stock.on_hand,
        stock.allocated,
        stock.stock_date
    from order_lines
    inner join stock on order_lines.item_key = stock.item_key
    where order_lines.fulfilment_type = 'stock'
        and order_lines.qty_to_ship > 0
),

pooled as (
    select
        *,
        greatest(
            on_hand - case
                when max(case when states_allocation then 1 else 0 end)
                    over (partition by item_key) = 0 then 0
                else greatest(allocated, sum(qty_reserved) over (partition by item_key))
            end,
            0
        ) as qty_free,
        case when is_draft then 0 else qty_to_ship - qty_reserved end as qty_wanted
    from wanted
),

queued as (
    select
        *,
        coalesce(
            sum(qty_wanted) over (
                partition by item_key
                order by
                    coalesce(due_date, {{ last_day_ever() }}),
                    order_date,
                    order_key,
                    line_no,
                    order_line_key
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as qty_before
    from pooled
)

select
    order_line_key,
    item_key,
    {{ qty('qty_free') }} as qty_free,
    {{ qty('qty_wanted') }} as qty_wanted,
    {{ unserved('qty_wanted', 'qty_before', 'qty_free') }} as qty_back_ordered,
    stock_date
from queued
