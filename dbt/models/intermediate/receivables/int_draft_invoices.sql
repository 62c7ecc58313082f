-- Grain: one row per draft invoice dated on or before the as-of date.
-- The order it is drafted from: the one it names, else the one all its lines are of.
with documents as (
    select * from {{ ref('int_documents') }}
),

document as (
    select
        document_key,
        freight_amount
    from {{ ref('stg_erp_ar_document') }}
),

document_line as (
    select * from {{ ref('stg_erp_ar_document_line') }}
),

order_line as (
    select
        order_line_key,
        order_key
    from {{ ref('stg_erp_sales_order_line') }}
),

drafts as (
    select * from documents
    where is_draft
        and document_type = 'invoice'
        and document_date <= as_of_date
),

orders_of_lines as (
    select
        drafts.document_key,
        min(order_line.order_key) as order_key
    from drafts
    inner join document_line on drafts.document_key = document_line.document_key
    inner join order_line on document_line.order_line_key = order_line.order_line_key
    group by drafts.document_key
    having min(order_line.order_key) = max(order_line.order_key)
)

select
    drafts.document_key,
    drafts.account_key,
    drafts.document_date,
    coalesce(drafts.order_key, orders_of_lines.order_key) as order_key,
    drafts.currency,
    drafts.base_currency,
    drafts.effect as amount,
    drafts.effect_base as amount_base,
    {{ money('drafts.effect - coalesce(document.freight_amount, 0)') }}
        as amount_without_freight
from drafts
inner join document on drafts.document_key = document.document_key
left join orders_of_lines on drafts.document_key = orders_of_lines.document_key
