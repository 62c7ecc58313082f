-- Grain: one row per order, order line, quote or return that a ledger cannot have
-- meant, and kind; processed or not. Amounts: document currency.
with account_customer as (
    select * from {{ ref('int_account_customer') }}
),

order_lines as (
    select
        order_lines.*,
        orders.order_no,
        account_customer.customer_id,
        'line ' || order_lines.line_no || ' of order ' || orders.order_no as title,
        {{ floored("""order_lines.qty_invoiced - greatest(
            order_lines.qty_ordered - order_lines.qty_cancelled, order_lines.qty_shipped
        )""") }} as qty_over_invoiced
    from {{ ref('int_order_lines') }} as order_lines
    inner join {{ ref('int_orders') }} as orders
        on order_lines.order_key = orders.order_key
    inner join account_customer
        on order_lines.ordering_account_key = account_customer.account_key
),

delivering as (
    select distinct source
    from {{ ref('stg_erp_sales_order_line') }}
),

empty_orders as (
    select
        orders.*,
        account_customer.customer_id
    from {{ ref('int_orders') }} as orders
    inner join delivering on orders.source = delivering.source
    inner join account_customer
        on orders.ordering_account_key = account_customer.account_key
    where orders.lines = 0
        and not orders.is_cancelled
),

later_orders as (
    select
        sales_order.*,
        account_customer.customer_id
    from {{ ref('stg_erp_sales_order') }} as sales_order
    inner join account_customer
        on sales_order.account_key = account_customer.account_key
    where sales_order.order_date > sales_order.load_date
),

ordered_quotes as (
    select
        quotes.*,
        customers.customer_id
    from {{ ref('int_crm_records') }} as quotes
    inner join {{ ref('int_companies') }} as companies
        on quotes.company_key = companies.company_key
    inner join {{ ref('int_customers') }} as customers
        on companies.surviving_company_key = customers.company_key
    left join {{ ref('int_crm_answers') }} as answers
        on quotes.record_type = answers.record_type
            and quotes.record_key = answers.record_key
    left join (
        select distinct quote_key
        from {{ ref('stg_crm_order') }}
    ) as crm_orders on quotes.record_key = crm_orders.quote_key
    where quotes.record_type = 'crm_quote'
        and quotes.status = 'ordered'
        and answers.record_key is null
        and crm_orders.quote_key is null
),

loose_returns as (
    select * from {{ ref('return_history') }}
    where order_line_key is null
        and credit_document_key is null
)

{{ exception_rows('order_lines', 'order_line_over_invoiced', 'order_line_key',
    "title || ': invoiced more than was ordered and shipped'",
    'order_date', prorated('line_gross', 'qty_over_invoiced', 'qty_ordered'),
    'currency', "'finance'", 'invoice_history', 'qty_over_invoiced > 0') }}
union all
{{ exception_rows('order_lines', 'order_line_negative', 'order_line_key',
    "title || ' orders a quantity below zero'",
    'order_date', 'line_gross', 'currency', "'sales'", 'erp_sales_order_line',
    'qty_ordered < 0 and not is_cancelled') }}
union all
{{ exception_rows('empty_orders', 'order_without_lines', 'order_key',
    "'order ' || order_no || ' has no lines: nothing to ship, to bill or exposed'",
    'order_date', 'order_total', 'currency', "'data'", 'erp_sales_order') }}
union all
{{ exception_rows('later_orders', 'order_dated_after_load', 'order_key',
    "'order ' || order_no || ' is dated after its extract'",
    'load_date', 'total', 'currency', "'data'", 'erp_sales_order') }}
union all
{{ exception_rows('ordered_quotes', 'quote_ordered_without_order', 'record_key',
    "'quote ' || record_no || ' is called ordered, but no order answers it'",
    'order_date', 'total', 'currency', "'sales'", 'crm_quote') }}
union all
{{ exception_rows('loose_returns', 'return_without_order_line', 'return_line_key',
    "'goods came back that no order line names; no credit note is posted'",
    'returned_on', 'value', 'currency', "'finance'", 'erp_return') }}
