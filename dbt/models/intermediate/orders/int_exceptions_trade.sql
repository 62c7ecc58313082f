-- Grain: one row per order, order line, shipment line or invoice whose trade stands
-- still or does not add up, and kind. Amounts: document currency.
-- What is late, drafted or shipped may lie a week, a return may wait for its credit
-- note for a month: within these somebody asks.
{%- set idle_days = 7 %}
{%- set credit_days = 30 %}
with run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

waiting_orders as (
    select * from {{ ref('unprocessed_orders') }}
),

order_lines as (
    select * from {{ ref('int_order_lines') }}
),

orders as (
    select
        orders.order_key,
        orders.order_no,
        orders.source,
        orders.currency,
        account_customer.customer_id,
        customers.customer_name
    from {{ ref('int_orders') }} as orders
    inner join {{ ref('int_account_customer') }} as account_customer
        on orders.ordering_account_key = account_customer.account_key
    inner join {{ ref('int_customers') }} as customers
        on account_customer.customer_id = customers.customer_id
),

late_lines as (
    select
        order_key,
        kept_by,
        max(source) as source,
        max(order_no) as order_no,
        max(customer_id) as customer_id,
        max(customer_name) as customer_name,
        coalesce(max(owner), 'sales') as person,
        min(due_date) as due_date,
        max(currency) as currency,
        sum(open_net) as open_net
    from (
        select
            *,
            case when reasons like '%ready_to_ship%' then 'ready_to_ship'
                else leading_reason end as kept_by
        from {{ ref('unprocessed_order_lines') }}
        where record_type = 'erp_order'
            and days_late > {{ idle_days }}
    ) as lines
    where kept_by in ('ready_to_ship', 'no_stock', 'awaiting_supplier')
    group by order_key, kept_by
),

drafts as (
    select
        *,
        coalesce(owner, 'sales') as person
    from waiting_orders
    where record_type = 'erp_order'
        and state = 'draft'
        and {{ days_between('order_date', 'as_of_date') }} > {{ idle_days }}
),

shipped as (
    select
        order_line_key,
        max(event_date) as shipped_on
    from {{ ref('int_order_line_events') }}
    where kind = 'shipped'
        and is_in_effect
    group by order_line_key
),

-- At most one last shipment for each line.
billable_lines as (
    select
        order_lines.order_key,
        case
            when order_lines.is_service_to_bill then order_lines.due_date
            else coalesce(shipped.shipped_on, order_lines.due_date)
        end as delivered_on,
        order_lines.order_date,
        case
            when order_lines.is_service_to_bill then order_lines.open_order_value
            else order_lines.shipped_not_invoiced_value
        end as value_to_bill
    from order_lines
    left join shipped on order_lines.order_line_key = shipped.order_line_key
    where not order_lines.is_draft
        and (order_lines.qty_shipped_not_invoiced > 0 or order_lines.is_service_to_bill)
),

unbilled as (
    select
        orders.*,
        lines.delivered_on,
        lines.value_to_bill
    from (
        select
            billable_lines.order_key,
            min(coalesce(billable_lines.delivered_on, billable_lines.order_date))
                as delivered_on,
            sum(billable_lines.value_to_bill) as value_to_bill
        from billable_lines
        cross join run_context
        where {{ days_between(
            'coalesce(billable_lines.delivered_on, billable_lines.order_date)',
            'run_context.as_of_date'
        ) }} > {{ idle_days }}
        group by billable_lines.order_key
    ) as lines
    inner join orders on lines.order_key = orders.order_key
),

uncredited as (
    select
        orders.*,
        order_lines.order_line_key,
        order_lines.line_no,
        order_lines.pending_return_value,
        returned.returned_on
    from (
        select
            order_line_key,
            min(returned_on) as returned_on
        from {{ ref('return_history') }}
        where order_line_key is not null
            and credit_document_key is null
            and {{ days_between('returned_on', 'as_of_date') }} > {{ credit_days }}
        group by order_line_key
    ) as returned
    inner join order_lines on returned.order_line_key = order_lines.order_line_key
    inner join orders on order_lines.order_key = orders.order_key
    where order_lines.pending_return_value > 0
),

delivering as (
    select distinct source
    from {{ ref('stg_erp_sales_order_line') }}
),

-- What several lines of an order share is not loose (int_order_line_events).
shared_items as (
    select distinct
        order_key,
        item_key
    from {{ ref('int_order_item_lines') }}
    where qty_of_item > 0
),

loose_shipments as (
    select shipping_history.*
    from {{ ref('shipping_history') }} as shipping_history
    inner join delivering on shipping_history.source = delivering.source
    left join shared_items
        on shipping_history.order_key = shared_items.order_key
            and shipping_history.item_key = shared_items.item_key
    where shipping_history.order_line_key is null
        and shared_items.order_key is null
),

differing_sales as (
    select
        sales.source,
        sales.sale_key,
        lines.document_type || ' ' || lines.document_no || ' of '
        || customers.customer_name as title,
        sales.customer_id,
        sales.sale_date,
        sales.currency,
        sales.net_amount - lines.net_amount as difference
    from (
        select
            document_key,
            max(document_type) as document_type,
            max(document_no) as document_no,
            coalesce(sum(net_amount), 0) as net_amount
        from {{ ref('purchase_history') }}
        where not is_document_complete
        group by document_key
    ) as lines
    inner join {{ ref('int_sales_documents') }} as sales
        on lines.document_key = sales.sale_key
    inner join {{ ref('int_customers') }} as customers
        on sales.customer_id = customers.customer_id
)

{{ exception_rows('late_lines', 'order_late', 'order_key',
    "'order ' || order_no || ' of ' || customer_name
        || ' is late, and nothing keeps it back'",
    add_days('due_date', 1), 'open_net', 'currency', 'person',
    'unprocessed_order_lines', "kept_by = 'ready_to_ship'") }}
union all
{{ exception_rows('late_lines', 'order_back_ordered', 'order_key',
    "'order ' || order_no || ' of ' || customer_name
        || ' is late, and there is no stock for it'",
    add_days('due_date', 1), 'open_net', 'currency', 'person',
    'unprocessed_order_lines', "kept_by = 'no_stock'") }}
union all
{{ exception_rows('late_lines', 'order_awaiting_supplier', 'order_key',
    "'order ' || order_no || ' of ' || customer_name
        || ' is late, and the supplier has not delivered'",
    add_days('due_date', 1), 'open_net', 'currency', 'person',
    'unprocessed_order_lines', "kept_by = 'awaiting_supplier'") }}
union all
{{ exception_rows('drafts', 'order_not_approved', 'order_key',
    "'order ' || order_no || ' of ' || customer_name || ' is still a draft'",
    'order_date', 'order_total', 'currency', 'person', 'unprocessed_orders') }}
union all
{{ exception_rows('unbilled', 'order_not_invoiced', 'order_key',
    "'order ' || order_no || ' of ' || customer_name
        || ': delivered and not invoiced for more than " ~ idle_days ~ " days'",
    'delivered_on', 'value_to_bill', 'currency', "'finance'",
    'unprocessed_order_lines') }}
union all
{{ exception_rows('uncredited', 'return_not_credited', 'order_line_key',
    "'line ' || line_no || ' of order ' || order_no || ' of ' || customer_name
        || ': returned and not credited for more than " ~ credit_days ~ " days'",
    'returned_on', 'pending_return_value', 'currency', "'finance'",
    'return_history') }}
union all
{{ exception_rows('loose_shipments', 'shipment_without_order_line',
    'shipment_line_key',
    "'shipment ' || shipment_no || ' of ' || customer_name
        || ' delivers something that no order line names'",
    'shipped_on', 'null', 'cast(null as varchar)', "'data'", 'shipping_history') }}
union all
{{ exception_rows('differing_sales', 'sale_lines_differ', 'sale_key',
    "title || ': its lines do not add up to its net'",
    'sale_date', 'difference', 'currency', "'data'", 'purchase_history') }}
