-- Grain: one row per line of an ERP order dated on or before the as-of date.
-- Quantities and values at the as-of date; int_order_line_quantities says how known.
-- Amounts: document currency, and base currency at the order's rate (`_base`).
-- The terms of the exposure include tax, and are zero on a draft. A value is null
-- where the line states no price and has a quantity to be valued. A pending return is
-- worth what the return says, else the price of the line.
-- To deliver: goods to ship, and services that are not due yet; services that are due
-- are to be billed.
with headers as not materialized (
    select * from {{ ref('int_order_headers') }}
),

order_line as (
    select * from {{ ref('stg_erp_sales_order_line') }}
),

balances as not materialized (
    select * from {{ ref('int_order_line_balances') }}
),

prices as (
    select * from {{ ref('int_order_line_prices') }}
),

counted as (
    select
        balances.order_line_key,
        prices.qty_priced,
        prices.line_net,
        prices.line_tax,
        prices.line_gross,
        prices.tax_basis,
        greatest(balances.qty_to_ship, balances.qty_to_bill) as qty_unprocessed,
        case when headers.is_draft then 0 else balances.qty_open_order end
            as qty_open_order,
        case when headers.is_draft then 0 else balances.qty_shipped_not_invoiced end
            as qty_shipped_not_invoiced,
        case when headers.is_draft then 0 else balances.qty_pending_return end
            as qty_pending_return,
        balances.qty_returned_uncredited,
        balances.returned_value
    from balances
    inner join prices on balances.order_line_key = prices.order_line_key
    inner join headers on prices.order_key = headers.order_key
),

valued as (
    select
        *,
        {{ order_value('line_net', 'qty_unprocessed') }} as open_net,
        {{ order_value('line_gross', 'qty_open_order') }} as open_order_value,
        {{ order_value('line_gross', 'qty_shipped_not_invoiced') }}
            as shipped_not_invoiced_value,
        coalesce(
            {{ prorated(
                'returned_value', 'qty_pending_return', 'qty_returned_uncredited'
            ) }},
            {{ order_value('line_gross', 'qty_pending_return') }}
        ) as pending_return_value
    from counted
),

due as (
    select
        order_line.*,
        coalesce(
            order_line.promised_date, headers.promised_date, headers.requested_date
        ) as due_date
    from order_line
    inner join headers on order_line.order_key = headers.order_key
)

select
    due.order_line_key,
    due.order_key,
    due.source,
    due.order_line_id,
    due.line_no,
    headers.entity_key,
    headers.ordering_account_key,
    headers.bill_to_account_key,
    headers.order_date,
    due.due_date,
    headers.status,
    headers.is_draft,
    balances.is_cancelled,
    headers.currency,
    headers.base_currency,
    headers.exchange_rate,
    due.item_key,
    due.description,
    due.uom,
    balances.fulfilment_type,
    balances.qty_ordered,
    balances.qty_cancelled,
    balances.qty_shipped,
    balances.qty_invoiced,
    balances.qty_returned,
    balances.qty_returned_uninvoiced,
    balances.qty_to_ship,
    balances.qty_to_bill,
    balances.qty_shipped_not_invoiced,
    balances.qty_over_delivered,
    balances.is_closed_short,
    due.qty_allocated,
    balances.qty_to_ship > 0
    or (
        balances.fulfilment_type = 'service'
        and balances.qty_to_bill > 0
        and coalesce(due.due_date > headers.as_of_date, false)
    ) as is_to_deliver,
    balances.fulfilment_type = 'service'
    and balances.qty_to_bill > 0
    and coalesce(due.due_date <= headers.as_of_date, true) as is_service_to_bill,
    balances.shipped_basis,
    balances.invoiced_basis,
    case
        when 'status' in (balances.shipped_basis, balances.invoiced_basis) then 'status'
        when 'stated' in (balances.shipped_basis, balances.invoiced_basis) then 'stated'
        else 'dated'
    end as quantity_basis,
    valued.line_net is null as is_unpriced,
    valued.tax_basis,
    valued.line_net,
    valued.line_tax,
    valued.line_gross,
    valued.open_net,
    valued.open_order_value,
    valued.shipped_not_invoiced_value,
    valued.pending_return_value,
    {{ convert('valued.open_net', 'headers.exchange_rate') }} as open_net_base,
    {{ convert('valued.open_order_value', 'headers.exchange_rate') }}
        as open_order_value_base,
    {{ convert('valued.shipped_not_invoiced_value', 'headers.exchange_rate') }}
        as shipped_not_invoiced_value_base,
    {{ convert('valued.pending_return_value', 'headers.exchange_rate') }}
        as pending_return_value_base,
    headers.as_of_date
from valued
inner join balances on valued.order_line_key = balances.order_line_key
inner join due on valued.order_line_key = due.order_line_key
inner join headers on due.order_key = headers.order_key
