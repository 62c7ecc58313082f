-- Grain: one row per line of a CRM order or quote. Amounts: currency of the header.
-- An item that every tied ERP which knows its code calls a service is one.
with ties as (
    select distinct
        crm_source,
        erp_source
    from {{ ref('stg_source_tie') }}
),

items as (
    select
        ties.crm_source,
        item.item_code,
        min(case when item.is_service then 1 else 0 end) as is_service
    from {{ ref('stg_erp_item') }} as item
    inner join ties on item.source = ties.erp_source
    group by ties.crm_source, item.item_code
),

lines as (
    select
        'crm_order' as record_type,
        order_key as record_key,
        order_line_key as line_key,
        source,
        line_no,
        item_code,
        description,
        uom,
        tax_code,
        quantity,
        net_amount
    from {{ ref('stg_crm_order_line') }}
    union all
    select
        'crm_quote' as record_type,
        quote_key as record_key,
        quote_line_key as line_key,
        source,
        line_no,
        item_code,
        description,
        uom,
        tax_code,
        quantity,
        net_amount
    from {{ ref('stg_crm_quote_line') }}
)

select
    lines.record_type,
    lines.record_key,
    lines.line_key,
    lines.source,
    lines.line_no,
    lines.item_code,
    lines.description,
    lines.uom,
    lines.tax_code,
    coalesce(items.is_service = 1, false) as is_service,
    lines.quantity,
    lines.net_amount
from lines
left join items
    on lines.source = items.crm_source
        and lines.item_code = items.item_code
