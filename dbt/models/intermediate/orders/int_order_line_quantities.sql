-- Grain: one row per line of an ERP order dated on or before the as-of date.
-- What was shipped and invoiced, the first that is known of:
--   dated   the line's own shipment and invoice lines, even if all of them are later
--   stated  a quantity above zero on the order line (undated: the latest known)
--   status  a finished order (shipped, invoiced, closed) of an extract not later than
--           the as-of date: a later status never removes an order from a date
--   zero    dated where the source delivers dated lines, stated where the line says so
-- Past that, nothing was shipped (status), and what was invoiced is not known.
-- Cancelled without a day holds from the start. Closed short bears no day: it holds
-- from the last movement of the order, the only dated evidence, or from the start.
with headers as (
    select * from {{ ref('int_order_headers') }}
),

order_line as (
    select * from {{ ref('stg_erp_sales_order_line') }}
),

item as (
    select * from {{ ref('stg_erp_item') }}
),

movements as (
    select * from {{ ref('int_order_line_movements') }}
),

last_movements as (
    select
        order_line.order_key,
        max(movements.last_moved_on) as last_moved_on
    from movements
    inner join order_line on movements.order_line_key = order_line.order_line_key
    group by order_line.order_key
),

-- Which kinds of dated lines a source delivers for its orders at all.
delivering as (
    select
        order_line.source,
        count(movements.qty_shipped) > 0 as shipments,
        count(movements.qty_billed) > 0 as invoices
    from movements
    inner join order_line on movements.order_line_key = order_line.order_line_key
    group by order_line.source
),

facts as (
    select
        order_line.order_line_key,
        order_line.qty_ordered,
        order_line.qty_shipped as stated_shipped,
        order_line.qty_invoiced as stated_invoiced,
        movements.qty_shipped as dated_shipped,
        movements.qty_billed - movements.qty_credited as dated_invoiced,
        coalesce(movements.qty_credited, 0) as qty_credited,
        order_line.is_closed_short
            and coalesce(last_movements.last_moved_on <= headers.as_of_date, true)
            as is_closed_short,
        coalesce(delivering.shipments, false) as has_shipments,
        coalesce(delivering.invoices, false) as has_invoices,
        case
            when coalesce(item.is_service, false) then 'service'
            else order_line.fulfilment_type
        end as fulfilment_type,
        headers.is_cancelled as order_is_cancelled,
        headers.is_shipped,
        headers.is_billed,
        case
            when coalesce(order_line.cancelled_on, headers.cancelled_on)
                > headers.as_of_date then 0
            when order_line.cancelled_on is not null
                then coalesce(order_line.qty_cancelled, order_line.qty_ordered)
            else coalesce(order_line.qty_cancelled, 0)
        end as line_cancelled
    from order_line
    inner join headers on order_line.order_key = headers.order_key
    left join movements on order_line.order_line_key = movements.order_line_key
    left join last_movements on order_line.order_key = last_movements.order_key
    left join delivering on order_line.source = delivering.source
    left join item on order_line.item_key = item.item_key
),

judged as (
    select
        *,
        case
            when dated_shipped is not null then 'dated'
            when stated_shipped > 0 then 'stated'
            when stated_shipped is null and is_shipped then 'status'
            when has_shipments then 'dated'
            when stated_shipped is not null then 'stated'
            else 'status'
        end as shipped_basis,
        case
            when dated_invoiced is not null then 'dated'
            when stated_invoiced > 0 then 'stated'
            when stated_invoiced is null and is_billed then 'status'
            when has_invoices then 'dated'
            when stated_invoiced is not null then 'stated'
            else 'unknown'
        end as invoiced_basis,
        {{ floored('qty_ordered - line_cancelled') }} as qty_wanted
    from facts
),

shipped as (
    select
        *,
        {{ floored("""case
            when dated_shipped is not null then dated_shipped
            when shipped_basis = 'stated' then stated_shipped
            when shipped_basis = 'status' and is_shipped then qty_wanted
            else 0
        end""") }} as qty_shipped
    from judged
),

due as (
    select
        *,
        case
            when order_is_cancelled then {{ floored('qty_ordered - qty_shipped') }}
            else {{ floored('least(line_cancelled, qty_ordered)') }}
        end as qty_cancelled,
        case
            when order_is_cancelled or is_closed_short then qty_shipped
            else qty_wanted
        end as qty_due
    from shipped
)

select
    order_line_key,
    fulfilment_type,
    order_is_cancelled,
    qty_ordered,
    qty_cancelled,
    qty_due,
    qty_shipped,
    case
        when dated_invoiced is not null then {{ floored('dated_invoiced') }}
        when invoiced_basis = 'stated' then {{ floored('stated_invoiced') }}
        when invoiced_basis = 'status' then {{ qty('greatest(qty_due, qty_shipped)') }}
        when invoiced_basis = 'dated' then {{ qty('0') }}
    end as qty_invoiced,
    {{ qty('qty_credited') }} as qty_credited,
    is_closed_short,
    shipped_basis,
    invoiced_basis
from due
