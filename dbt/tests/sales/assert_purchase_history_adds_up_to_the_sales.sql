-- Every line of a sale, an invoice or a sold order, is there once; where the lines
-- state the whole sale they are the sale, to the cent in its own currency and exactly
-- in base and reporting currency. A document and an order may have one key.
with sales as (
    select
        *,
        sale_type = 'order' as is_order
    from {{ ref('int_sales_documents') }}
),

delivered as (
    select
        lines.document_key as sale_key,
        false as is_order,
        count(*) as lines,
        count(lines.net_amount) = count(*) as are_valued,
        sum(documents.sign * lines.net_amount) as net_amount
    from {{ ref('stg_erp_ar_document_line') }} as lines
    inner join {{ ref('stg_erp_ar_document') }} as documents
        on lines.document_key = documents.document_key
    group by lines.document_key
    union all
    select
        order_lines.order_key as sale_key,
        true as is_order,
        count(*) as lines,
        count({{ order_line_left() }}) = count(*) as are_valued,
        sum({{ order_line_left() }}) as net_amount
    from {{ ref('int_order_lines') }} as order_lines
    group by order_lines.order_key
),

purchases as (
    select
        document_key as sale_key,
        document_type = 'order' as is_order,
        count(*) as lines,
        bool_and(is_document_complete) as is_complete,
        sum(net_amount) as net_amount,
        sum(net_base) as net_base,
        sum(net_reporting) as net_reporting
    from {{ ref('purchase_history') }}
    group by document_key, document_type = 'order'
),

compared as (
    select
        sales.sale_key,
        sales.sale_type,
        coalesce(delivered.lines, 0) <> coalesce(purchases.lines, 0) as lines_differ,
        delivered.are_valued
        and abs(delivered.net_amount - sales.net_amount) < 0.005
        and not coalesce(purchases.is_complete, false) as is_left_out,
        purchases.is_complete
        and (
            abs(purchases.net_amount - sales.net_amount) >= 0.005
            or purchases.net_base <> sales.net_base
            or coalesce(purchases.net_reporting, 0) <> coalesce(sales.net_reporting, 0)
        ) as sums_differ
    from sales
    left join delivered
        on sales.sale_key = delivered.sale_key
            and sales.is_order = delivered.is_order
    left join purchases
        on sales.sale_key = purchases.sale_key
            and sales.is_order = purchases.is_order
)

select *
from compared
where lines_differ
    or is_left_out
    or sums_differ
