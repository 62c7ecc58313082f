-- Grain: one row per shipment line and per invoice or credit note line that belongs
-- to an ERP order line, of any date. Drafts are no event. Quantity: negative on a
-- credit note.
-- A voided document stays an event that is not in effect, so that it does not bring a
-- stated quantity back.
with run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

shipment_lines as (
    select * from {{ ref('int_shipment_lines') }}
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
        documents.posting_date,
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
)

select
    shipment_lines.order_line_key,
    'shipped' as kind,
    shipment_lines.shipped_on as event_date,
    shipment_lines.shipped_on <= run_context.as_of_date as is_in_effect,
    shipment_lines.qty as quantity
from shipment_lines
cross join run_context
where shipment_lines.order_line_key is not null
union all
select
    order_line_key,
    'invoiced' as kind,
    posting_date as event_date,
    exists_at_as_of as is_in_effect,
    {{ qty('quantity') }} as quantity
from invoice_lines
where order_line_key is not null
