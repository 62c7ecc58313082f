-- Grain: one row per return line, of any date. Source: erp_return, erp_return_line.
-- Amounts: the order's currency, else the account's. A line that names no shipment line
-- belongs to the line of its order with the same item, where there is exactly one.
-- Credited: the return names a credit note that exists at the as-of date.
with return_header as (
    select * from {{ ref('stg_erp_return') }}
),

return_line as (
    select * from {{ ref('stg_erp_return_line') }}
),

shipment_lines as (
    select * from {{ ref('int_shipment_lines') }}
),

sole_lines as (
    select * from {{ ref('int_order_item_lines') }}
    where lines_of_item = 1
),

documents as (
    select * from {{ ref('int_documents') }}
)

select
    return_line.return_line_key,
    return_line.return_key,
    return_line.source,
    coalesce(shipment_lines.order_line_key, sole_lines.order_line_key)
        as order_line_key,
    return_line.item_key,
    return_header.account_key,
    return_header.returned_on,
    return_line.qty,
    return_line.value as return_value,
    coalesce(documents.exists_at_as_of, false) as is_credited
from return_line
inner join return_header on return_line.return_key = return_header.return_key
left join shipment_lines
    on return_line.shipment_line_key = shipment_lines.shipment_line_key
left join sole_lines
    on return_header.order_key = sole_lines.order_key
        and return_line.item_key = sole_lines.item_key
left join documents on return_header.credit_document_key = documents.document_key
