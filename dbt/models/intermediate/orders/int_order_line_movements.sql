-- Grain: one row per ERP order line with a shipment, invoice or return line of any date.
-- Quantities are those in effect at the as-of date: null where the line has no dated
-- movement of that kind at all, zero where every one is later.
-- A credit note lowers what was invoiced. Drafts are no movement; a voided document is
-- one without a quantity, so that it does not bring a stated quantity back.
-- returned_value: with tax, of what was returned and is not credited yet.
with run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

shipment_lines as (
    select * from {{ ref('int_shipment_lines') }}
),

return_lines as (
    select * from {{ ref('int_return_lines') }}
),

document_line as (
    select * from {{ ref('stg_erp_ar_document_line') }}
),

document as (
    select * from {{ ref('stg_erp_ar_document') }}
),

documents as (
    select * from {{ ref('int_documents') }}
),

sole_lines as (
    select * from {{ ref('int_order_sole_lines') }}
),

invoice_lines as (
    select
        coalesce(
            document_line.order_line_key,
            shipment_lines.order_line_key,
            sole_lines.order_line_key
        ) as order_line_key,
        documents.exists_at_as_of,
        document.sign * document_line.quantity as quantity
    from document_line
    inner join document on document_line.document_key = document.document_key
    inner join documents on document_line.document_key = documents.document_key
    left join shipment_lines
        on document_line.shipment_line_key = shipment_lines.shipment_line_key
    left join sole_lines
        on document.order_key = sole_lines.order_key
            and document_line.item_key = sole_lines.item_key
    where not documents.is_draft
        and documents.document_type in ('invoice', 'credit_note')
),

movements as (
    select
        shipment_lines.order_line_key,
        'shipped' as kind,
        shipment_lines.shipped_on <= run_context.as_of_date as is_in_effect,
        shipment_lines.qty as quantity,
        0 as movement_value
    from shipment_lines
    cross join run_context
    union all
    select
        order_line_key,
        'invoiced' as kind,
        exists_at_as_of as is_in_effect,
        quantity,
        0 as movement_value
    from invoice_lines
    union all
    select
        return_lines.order_line_key,
        case when return_lines.is_credited then 'credited' else 'returned' end as kind,
        return_lines.returned_on <= run_context.as_of_date as is_in_effect,
        return_lines.qty as quantity,
        return_lines.return_value as movement_value
    from return_lines
    cross join run_context
),

at_the_date as (
    select
        order_line_key,
        kind,
        case when is_in_effect then quantity else 0 end as quantity,
        case when is_in_effect then movement_value else 0 end as movement_value
    from movements
    where order_line_key is not null
)

select
    order_line_key,
    {{ qty("sum(case when kind = 'shipped' then quantity end)") }} as qty_shipped,
    {{ qty("sum(case when kind = 'invoiced' then quantity end)") }} as qty_invoiced,
    {{ qty("sum(case when kind in ('returned', 'credited') then quantity end)") }}
        as qty_returned,
    {{ qty("sum(case when kind = 'returned' then quantity end)") }}
        as qty_returned_uncredited,
    {{ money("sum(case when kind = 'returned' then movement_value end)") }}
        as returned_value
from at_the_date
group by order_line_key
