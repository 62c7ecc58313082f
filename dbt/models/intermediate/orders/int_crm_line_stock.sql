-- Grain: one row per line of goods of a CRM order or accepted quote that no ERP order
-- answers, where the stock for it is known in every ERP that it can go to and that
-- takes its item: the item and its stock are, and the line's unit is that of the item.
-- Orders of the CRM come after what is promised and after the ERP's own orders: the
-- earliest wanted first, then the older order, drafts never. A line that can go to
-- several ERPs takes nothing from another one, because nobody knows from which; the one
-- that serves it best counts.
-- qty_back_ordered: what stays unserved.
with records as (
    select * from {{ ref('int_crm_orders_waiting') }}
),

lines as (
    select
        lines.*,
        records.order_date,
        records.requested_date,
        records.is_draft
    from {{ ref('int_crm_lines') }} as lines
    inner join records
        on lines.record_type = records.record_type
            and lines.record_key = records.record_key
    where lines.quantity > 0
        and not lines.is_service
),

readings as (
    select * from {{ ref('int_list_readings') }}
    where erp_code is not null
),

items as (
    select
        source,
        item_code,
        min(item_key) as item_key,
        min(uom) as uom,
        bool_and(is_stock) as is_stock
    from {{ ref('stg_erp_item') }}
    group by source, item_code
    having count(*) = 1
),

served as (
    select
        item_key,
        max(qty_free) as qty_free,
        sum(qty_wanted) as qty_wanted
    from {{ ref('int_order_line_stock') }}
    group by item_key
),

stock as (
    select
        stock.item_key,
        stock.stock_date,
        {{ floored("""least(
            stock.on_hand - stock.allocated,
            coalesce(served.qty_free - served.qty_wanted, stock.on_hand)
        )""") }} as qty_free
    from {{ ref('int_item_stock') }} as stock
    left join served on stock.item_key = served.item_key
),

wanted as (
    select
        lines.*,
        items.item_key,
        items.is_stock,
        stock.stock_date,
        coalesce(stock.qty_free, 0) as qty_free,
        count(*) over (partition by lines.record_type, lines.line_key) as erps,
        coalesce(
            not items.is_stock
            or (items.uom = unit_readings.erp_code and stock.item_key is not null),
            false
        ) as is_known
    from lines
    inner join readings as item_readings
        on lines.record_type = item_readings.record_type
            and lines.record_key = item_readings.record_key
            and item_readings.list_name = 'item'
            and lines.item_code = item_readings.list_value
    left join readings as unit_readings
        on lines.record_type = unit_readings.record_type
            and lines.record_key = unit_readings.record_key
            and unit_readings.list_name = 'uom'
            and lines.uom = unit_readings.list_value
            and item_readings.erp_source = unit_readings.erp_source
    left join items
        on item_readings.erp_source = items.source
            and item_readings.erp_code = items.item_code
    left join stock on items.item_key = stock.item_key
),

sized as (
    select
        *,
        case when is_stock and is_known and not is_draft then quantity else 0 end
            as qty_wanted
    from wanted
),

queued as (
    select
        *,
        coalesce(
            sum(case when erps = 1 then qty_wanted else 0 end) over (
                partition by item_key
                order by
                    coalesce(requested_date, {{ last_day_ever() }}),
                    order_date,
                    record_type,
                    record_key,
                    line_no,
                    line_key
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as qty_before
    from sized
)

select
    record_type,
    line_key,
    min({{ unserved('qty_wanted', 'qty_before', 'qty_free') }}) as qty_back_ordered,
    max(case when is_stock then stock_date end) as stock_date
from queued
group by record_type, line_key
having bool_and(is_known)
