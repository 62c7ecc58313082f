-- Grain: one row per ERP order dated on or before the as-of date.
-- The order as it stood: a cancellation counts from its day, or from the start where
-- that is unknown; a finished status counts only where its extract is not later than
-- the date.
-- What is owed stands on the order's own bill-to where it is known, else the account's.
with sales_order as (
    select * from {{ ref('stg_erp_sales_order') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

entity as (
    select * from {{ ref('stg_erp_entity') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
)

select
    sales_order.order_key,
    sales_order.source,
    sales_order.order_id,
    sales_order.order_no,
    sales_order.entity_key,
    sales_order.account_key as ordering_account_key,
    coalesce(
        stated_bill_to.account_key,
        accounts.bill_to_account_key,
        sales_order.account_key
    ) as bill_to_account_key,
    sales_order.order_date,
    sales_order.requested_date,
    sales_order.promised_date,
    sales_order.status,
    sales_order.status = 'draft' as is_draft,
    coalesce(
        sales_order.cancelled_on <= run_context.as_of_date,
        sales_order.status = 'cancelled'
    ) as is_cancelled,
    sales_order.cancelled_on,
    sales_order.status in ('shipped', 'invoiced', 'closed')
    and coalesce(sales_order.load_date <= run_context.as_of_date, true) as is_shipped,
    sales_order.status in ('invoiced', 'closed')
    and coalesce(sales_order.load_date <= run_context.as_of_date, true) as is_billed,
    sales_order.hold_reason,
    sales_order.currency,
    entity.base_currency,
    sales_order.exchange_rate,
    sales_order.net,
    sales_order.tax,
    sales_order.freight_amount,
    sales_order.total,
    sales_order.prepaid_amount,
    sales_order.salesperson_code,
    sales_order.shipping_method_code,
    sales_order.po_number,
    sales_order.crm_quote_ref,
    sales_order.order_source,
    run_context.as_of_date
from sales_order
cross join run_context
left join accounts on sales_order.account_key = accounts.account_key
left join accounts as stated_bill_to
    on sales_order.bill_to_account_key = stated_bill_to.account_key
left join entity on sales_order.entity_key = entity.entity_key
where sales_order.order_date <= run_context.as_of_date
