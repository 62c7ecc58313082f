-- Grain: one row per line of a shipment that left on or before the as-of date.
-- Quantities: in the unit of the item. A shipment stands on the account it went to, and
-- beside it the one that is invoiced: the order's, else the account's.
with shipments as (
    select * from {{ ref('stg_erp_shipment') }}
),

shipment_lines as (
    select * from {{ ref('int_shipment_lines') }}
),

order_lines as (
    select
        order_line_key,
        order_key,
        line_no
    from {{ ref('stg_erp_sales_order_line') }}
),

orders as (
    select * from {{ ref('stg_erp_sales_order') }}
),

items as (
    select * from {{ ref('stg_erp_item') }}
),

carriers as (
    select
        source,
        code,
        label
    from {{ ref('stg_erp_list_value') }}
    where list_name = 'shipping_method'
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

account_customer as (
    select * from {{ ref('int_account_customer') }}
),

customers as (
    select * from {{ ref('int_customers') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
)

select
    shipment_lines.shipment_line_key,
    shipment_lines.source,
    shipment_lines.shipment_key,
    shipments.shipment_no,
    shipments.shipped_on,
    coalesce(carriers.label, shipments.carrier) as carrier,
    shipments.tracking,
    account_customer.customer_id,
    customers.customer_name,
    customers.group_id,
    accounts.entity_key,
    shipments.account_key,
    coalesce(order_bill_to.account_key, accounts.bill_to_account_key)
        as bill_to_account_key,
    coalesce(order_lines.order_key, shipments.order_key) as order_key,
    orders.order_no,
    shipment_lines.order_line_key,
    cast(order_lines.line_no as integer) as order_line_no,
    shipment_lines.item_key,
    items.item_code,
    items.name as item_name,
    items.uom,
    shipment_lines.qty as quantity,
    shipments.ship_to_line1,
    shipments.ship_to_line2,
    shipments.ship_to_city,
    shipments.ship_to_region,
    shipments.ship_to_postcode,
    shipments.ship_to_country_code,
    case
        when cast(shipments.pod_at as date) <= run_context.as_of_date
            then cast(shipments.pod_at as date)
    end as delivered_on,
    run_context.as_of_date,
    run_context.is_forced
from shipment_lines
inner join shipments on shipment_lines.shipment_key = shipments.shipment_key
inner join run_context on shipments.shipped_on <= run_context.as_of_date
inner join accounts on shipments.account_key = accounts.account_key
inner join account_customer on shipments.account_key = account_customer.account_key
inner join customers on account_customer.customer_id = customers.customer_id
left join order_lines on shipment_lines.order_line_key = order_lines.order_line_key
left join orders
    on coalesce(order_lines.order_key, shipments.order_key) = orders.order_key
left join accounts as order_bill_to
    on orders.bill_to_account_key = order_bill_to.account_key
left join items on shipment_lines.item_key = items.item_key
left join carriers
    on shipments.source = carriers.source
        and shipments.carrier = carriers.code
