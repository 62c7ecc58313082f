-- Grain: one row per ERP order line and per shipment line, invoice line or credit note
-- line that belongs to it, of any date. Drafts are no event. Quantity: negative on a
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

item_lines as (
    select * from {{ ref('int_order_item_lines') }}
),

-- The few that name a shipment line alone are looked up apart: all shipment lines would
-- else be held in memory for all document lines.
document_lines as (
    select
        document_key,
        item_key,
        quantity,
        order_line_key
    from document_line
    where order_line_key is not null
        or shipment_line_key is null
    union all
    select
        unnamed.document_key,
        unnamed.item_key,
        unnamed.quantity,
        shipment_lines.order_line_key
    from document_line as unnamed
    left join shipment_lines
        on unnamed.shipment_line_key = shipment_lines.shipment_line_key
    where unnamed.order_line_key is null
        and unnamed.shipment_line_key is not null
),

-- Read twice rather than kept: there are as many as in both tables together.
events as not materialized (
    select
        shipment_lines.order_line_key,
        shipment_lines.order_key,
        shipment_lines.item_key,
        'shipped' as kind,
        shipment_lines.shipped_on as event_date,
        shipment_lines.shipped_on <= run_context.as_of_date as is_in_effect,
        shipment_lines.qty as quantity
    from shipment_lines
    cross join run_context
    union all
    select
        document_lines.order_line_key,
        document.order_key,
        document_lines.item_key,
        'invoiced' as kind,
        documents.posting_date as event_date,
        documents.exists_at_as_of as is_in_effect,
        document.sign * document_lines.quantity as quantity
    from document_lines
    inner join document on document_lines.document_key = document.document_key
    inner join documents on document_lines.document_key = documents.document_key
    where not documents.is_draft
        and documents.document_type in ('invoice', 'credit_note')
)

select
    order_line_key,
    kind,
    event_date,
    is_in_effect,
    {{ qty('quantity') }} as quantity
from events
where order_line_key is not null
union all
select
    item_lines.order_line_key,
    events.kind,
    events.event_date,
    events.is_in_effect,
    case
        when item_lines.lines_of_item = 1 then {{ qty('events.quantity') }}
        else {{ shared_qty(
            'events.quantity', 'item_lines.qty_ordered', 'item_lines.qty_of_item'
        ) }}
    end as quantity
from events
inner join item_lines
    on events.order_key = item_lines.order_key
        and events.item_key = item_lines.item_key
where events.order_line_key is null
    and (item_lines.lines_of_item = 1 or item_lines.qty_of_item > 0)
