-- Grain: one row per line of an ERP order dated on or before the as-of date.
-- What is still to ship and to bill, and what of it stands in the exposure; never
-- negative.
-- What came back before it was invoiced is not billed, unless it was billed all the
-- same.
-- A credit note for goods that came back after they were invoiced brings nothing back
-- to be billed; any other one does. A return that names a posted credit note is not
-- pending.
-- Services have nothing to ship: what is not invoiced of them is an open order.
-- Where nothing says what was billed, nothing is to bill.
with quantities as (
    select * from {{ ref('int_order_line_quantities') }}
),

returns as (
    select * from {{ ref('int_order_line_returns') }}
),

known as (
    select
        quantities.*,
        coalesce(
            quantities.qty_invoiced,
            greatest(quantities.qty_due, quantities.qty_shipped)
        ) as qty_net_invoiced,
        coalesce(returns.qty_returned, 0) as qty_returned,
        coalesce(returns.qty_returned_before_invoice, 0) as qty_returned_before_invoice,
        coalesce(returns.qty_returned_uncredited, 0) as qty_returned_uncredited,
        returns.returned_value
    from quantities
    left join returns on quantities.order_line_key = returns.order_line_key
),

returned as (
    select
        *,
        least(
            qty_returned_before_invoice,
            greatest(qty_shipped - qty_net_invoiced - qty_credited, 0)
        ) as qty_returned_uninvoiced
    from known
),

credited as (
    select
        *,
        least(qty_credited, greatest(qty_returned - qty_returned_uninvoiced, 0))
            as qty_return_credited
    from returned
),

billed as (
    select
        *,
        qty_net_invoiced + qty_return_credited as qty_billed
    from credited
)

select
    order_line_key,
    fulfilment_type,
    order_is_cancelled,
    order_is_cancelled
    or (qty_ordered > 0 and qty_cancelled >= qty_ordered) as is_cancelled,
    qty_ordered,
    qty_cancelled,
    qty_shipped,
    qty_invoiced,
    case
        when qty_ordered < 0 then {{ qty('0') }}
        else {{ floored('qty_shipped - (qty_ordered - qty_cancelled)') }}
    end as qty_over_delivered,
    is_closed_short,
    {{ qty('qty_returned') }} as qty_returned,
    {{ qty('qty_returned_uninvoiced') }} as qty_returned_uninvoiced,
    {{ floored("""case
        when fulfilment_type = 'service' then 0
        else qty_due - qty_shipped
    end""") }} as qty_to_ship,
    {{ floored("""greatest(qty_due, qty_shipped) - qty_returned_uninvoiced
        - qty_billed""") }} as qty_to_bill,
    {{ floored("""qty_due - case
        when qty_invoiced is null then qty_shipped
        when fulfilment_type = 'service' then qty_billed
        else greatest(qty_shipped, qty_billed)
    end""") }} as qty_open_order,
    {{ floored("""case
        when fulfilment_type = 'service' then 0
        else qty_shipped - qty_returned_uninvoiced - qty_billed
    end""") }} as qty_shipped_not_invoiced,
    {{ floored("""least(
        qty_returned - qty_returned_uninvoiced - qty_return_credited,
        qty_returned_uncredited
    )""") }} as qty_pending_return,
    {{ qty('qty_returned_uncredited') }} as qty_returned_uncredited,
    returned_value,
    shipped_basis,
    invoiced_basis
from billed
