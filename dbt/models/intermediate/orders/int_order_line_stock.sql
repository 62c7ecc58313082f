-- Grain: one row per ERP order line that has goods to ship from stock.
-- Stock is undated: the latest known, of stock_date, all warehouses together.
-- What a line has set aside for it serves that line first. What is left on hand, less
-- what is promised beyond that, serves the rest: the earliest due first, then the older
-- order, drafts never. Where no line of an item states what is set aside for it, the
-- stock that is promised to orders is taken to be promised to these.
-- qty_back_ordered: what stays unserved; null where the source delivers no stock or the
-- line names no item.
with order_lines as (
    select * from {{ ref('int_order_lines') }}
),

item as (
    select * from {{ ref('stg_erp_item') }}
),

stock as (
    select
        source,
        item_key,
        sum(on_hand) as on_hand,
        sum(allocated) as allocated,
        max(load_date) as stock_date
    from {{ ref('stg_erp_stock') }}
    group by source, item_key
),

delivering as (
    select
        source,
        max(stock_date) as stock_date
    from stock
    group by source
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
        coalesce(stock.on_hand, 0) as on_hand,
        coalesce(stock.allocated, 0) as allocated,
        coalesce(stock.stock_date, delivering.stock_date) as stock_date
    from order_lines
    inner join delivering on order_lines.source = delivering.source
    left join stock on order_lines.item_key = stock.item_key
    left join item on order_lines.item_key = item.item_key
    where order_lines.fulfilment_type = 'stock'
        and order_lines.qty_to_ship > 0
        and order_lines.item_key is not null
        and coalesce(item.is_stock, true)
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
        case when is_draft then 0 else qty_to_ship - qty_reserved end as qty_unreserved
    from wanted
),

queued as (
    select
        *,
        coalesce(
            sum(qty_unreserved) over (
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
    {{ qty(
        'least(greatest(qty_before + qty_unreserved - qty_free, 0), qty_unreserved)'
    ) }} as qty_back_ordered,
    stock_date
from queued
