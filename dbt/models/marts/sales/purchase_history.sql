-- Grain: one row per line of a sale at the as-of date: of a posted invoice or credit
-- note, or of an order where a source declares its orders to be its sales.
-- Amounts: net of tax, document currency, `_base` at the document's rate, `_reporting`
-- at the document date; quantities and amounts of a credit note are negative.
-- Sums: where the lines of a sale are complete they are the sale to the cent; what
-- rounding leaves in base and reporting currency stands on the line with the last key.
with sales as (
    select * from {{ ref('int_sales_documents') }}
),

documents as (
    select * from {{ ref('stg_erp_ar_document') }}
),

document_lines as (
    select * from {{ ref('stg_erp_ar_document_line') }}
),

order_headers as (
    select * from {{ ref('int_order_headers') }}
),

order_lines as (
    select * from {{ ref('int_order_lines') }}
),

stated_order_lines as (
    select * from {{ ref('stg_erp_sales_order_line') }}
),

items as (
    select * from {{ ref('stg_erp_item') }}
),

rates as (
    select * from {{ ref('int_rates_of_days') }}
),

account_customer as (
    select * from {{ ref('int_account_customer') }}
),

customers as (
    select * from {{ ref('int_customers') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

order_sources as (
    select source
    from {{ ref('stg_source_info') }}
    where sales_from = 'orders'
),

lines as (
    select
        document_lines.line_key,
        document_lines.document_key as sale_key,
        documents.document_no,
        documents.order_key,
        document_lines.order_line_key,
        document_lines.line_no,
        document_lines.item_key,
        document_lines.description,
        documents.exchange_rate,
        {{ qty('documents.sign * document_lines.quantity') }} as quantity,
        document_lines.unit_price,
        document_lines.discount_pct,
        {{ money('documents.sign * (' ~ line_discount(
            'document_lines.unit_price', 'document_lines.discount_pct',
            'document_lines.quantity', 'document_lines.net_amount'
        ) ~ ')') }} as discount_amount,
        {{ money('documents.sign * document_lines.net_amount') }} as net_amount
    from document_lines
    inner join documents on document_lines.document_key = documents.document_key
    left join order_sources on documents.source = order_sources.source
    where order_sources.source is null
    union all
    select
        order_lines.order_line_key as line_key,
        order_lines.order_key as sale_key,
        order_headers.order_no as document_no,
        order_lines.order_key,
        order_lines.order_line_key,
        order_lines.line_no,
        order_lines.item_key,
        order_lines.description,
        order_lines.exchange_rate,
        {{ floored('order_lines.qty_ordered - order_lines.qty_cancelled') }}
            as quantity,
        stated_order_lines.unit_price,
        stated_order_lines.discount_pct,
        {{ money(line_discount(
            'stated_order_lines.unit_price', 'stated_order_lines.discount_pct',
            floored('order_lines.qty_ordered - order_lines.qty_cancelled'),
            order_line_left()
        )) }} as discount_amount,
        {{ money(order_line_left()) }} as net_amount
    from order_lines
    inner join order_sources on order_lines.source = order_sources.source
    inner join order_headers on order_lines.order_key = order_headers.order_key
    inner join stated_order_lines
        on order_lines.order_line_key = stated_order_lines.order_line_key
),

valued as (
    select
        lines.*,
        sales.sale_type,
        sales.source,
        sales.customer_id,
        sales.entity_key,
        sales.ordering_account_key,
        sales.bill_to_account_key,
        sales.sale_date,
        sales.document_date,
        sales.currency,
        sales.base_currency,
        sales.is_rate_missing,
        sales.net_amount as sale_net,
        sales.net_base as sale_net_base,
        sales.net_reporting as sale_net_reporting,
        {{ convert('lines.net_amount', 'lines.exchange_rate') }} as net_base,
        {{ convert(
            convert('lines.net_amount', 'lines.exchange_rate'), 'rates.rate'
        ) }} as net_reporting
    from lines
    inner join sales on lines.sale_key = sales.sale_key
    left join rates
        on sales.base_currency = rates.from_currency
            and sales.reporting_currency = rates.to_currency
            and sales.document_date = rates.day
),

summed as (
    select
        sale_key,
        max(line_key) as last_line_key,
        count(net_amount) = count(*)
        and abs(sum(net_amount) - max(sale_net)) < 0.005 as is_complete,
        sum(net_base) as net_base,
        sum(net_reporting) as net_reporting
    from valued
    group by sale_key
),

-- A credit note is no purchase; a line without an item has none either.
last_purchases as (
    select
        customer_id,
        item_key,
        max(sale_date) as last_purchase_date
    from valued
    where quantity > 0
        and sale_type <> 'credit_note'
        and item_key is not null
    group by customer_id, item_key
)

select
    valued.line_key,
    valued.source,
    valued.sale_key as document_key,
    valued.sale_type as document_type,
    valued.document_no,
    cast(valued.line_no as integer) as line_no,
    valued.customer_id,
    customers.customer_name,
    customers.group_id,
    valued.entity_key,
    valued.ordering_account_key as account_key,
    valued.bill_to_account_key,
    bill_to_customer.customer_id as bill_to_customer_id,
    valued.document_date,
    valued.sale_date as posting_date,
    valued.order_key,
    valued.order_line_key,
    valued.item_key,
    items.item_code,
    coalesce(items.name, {{ text_or_null('valued.description') }}) as item_name,
    items.item_group,
    items.uom,
    valued.quantity,
    valued.unit_price,
    valued.discount_pct,
    valued.discount_amount,
    valued.currency,
    valued.net_amount,
    valued.base_currency,
    {{ money('valued.net_base + ' ~ rest_of_lines('net_base')) }} as net_base,
    run_context.reporting_currency,
    {{ money('valued.net_reporting + ' ~ rest_of_lines('net_reporting')) }}
        as net_reporting,
    last_purchases.last_purchase_date,
    summed.is_complete as is_document_complete,
    valued.is_rate_missing,
    run_context.as_of_date,
    run_context.is_forced
from valued
cross join run_context
inner join summed on valued.sale_key = summed.sale_key
-- Every sale has a customer. An inner join of three may begin with every customer and
-- every sale: a thousand million rows.
left join customers on valued.customer_id = customers.customer_id
left join account_customer as bill_to_customer
    on valued.bill_to_account_key = bill_to_customer.account_key
left join items on valued.item_key = items.item_key
left join last_purchases
    on valued.customer_id = last_purchases.customer_id
        and valued.item_key = last_purchases.item_key
