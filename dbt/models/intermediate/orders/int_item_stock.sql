-- Grain: one row per item of an ERP that delivers stock, all warehouses together.
-- Undated: the latest known, of stock_date. An item that no warehouse lists is out of
-- stock.
with item as (
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

items as (
    select
        source,
        item_key
    from item
    union
    select
        source,
        item_key
    from stock
    union
    select
        source,
        item_key
    from {{ ref('int_order_lines') }}
    where item_key is not null
)

select
    items.source,
    items.item_key,
    coalesce(item.is_stock, true) as is_stock,
    {{ qty('coalesce(stock.on_hand, 0)') }} as on_hand,
    {{ qty('coalesce(stock.allocated, 0)') }} as allocated,
    coalesce(stock.stock_date, delivering.stock_date) as stock_date
from items
inner join delivering on items.source = delivering.source
left join item on items.item_key = item.item_key
left join stock on items.item_key = stock.item_key
