-- Grain: one row per line of a return that came back on or before the as-of date.
-- Amounts: with tax, in the order's currency, else the account's, else the ledger's;
-- `_base` at the order's rate where there is one; `_reporting` from base; both else at
-- the last rate on or before the day of the return. A return counts positive.
with returns as (
    select * from {{ ref('stg_erp_return') }}
),

return_lines as (
    select * from {{ ref('int_return_lines') }}
),

stated_lines as (
    select
        return_line_key,
        shipment_line_key
    from {{ ref('stg_erp_return_line') }}
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

documents as (
    select * from {{ ref('int_documents') }}
    where exists_at_as_of
),

items as (
    select * from {{ ref('stg_erp_item') }}
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

rates as (
    select * from {{ ref('int_rates_of_days') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

came_back as (
    select
        return_lines.return_line_key,
        return_lines.source,
        return_lines.return_key,
        returns.return_no,
        returns.returned_on,
        returns.reason,
        returns.credit_document_key,
        return_lines.account_key,
        accounts.entity_key,
        coalesce(order_bill_to.account_key, accounts.bill_to_account_key)
            as bill_to_account_key,
        coalesce(order_lines.order_key, returns.order_key) as order_key,
        orders.order_no,
        return_lines.order_line_key,
        order_lines.line_no as order_line_no,
        stated_lines.shipment_line_key,
        return_lines.item_key,
        return_lines.qty,
        return_lines.return_value,
        coalesce(orders.currency, accounts.currency, accounts.base_currency)
            as currency,
        accounts.base_currency,
        orders.exchange_rate
    from return_lines
    inner join returns on return_lines.return_key = returns.return_key
    inner join stated_lines
        on return_lines.return_line_key = stated_lines.return_line_key
    inner join run_context on returns.returned_on <= run_context.as_of_date
    inner join accounts on return_lines.account_key = accounts.account_key
    left join order_lines on return_lines.order_line_key = order_lines.order_line_key
    left join orders
        on coalesce(order_lines.order_key, returns.order_key) = orders.order_key
    left join accounts as order_bill_to
        on orders.bill_to_account_key = order_bill_to.account_key
),

in_base as (
    select
        came_back.*,
        {{ convert(
            'came_back.return_value', 'coalesce(came_back.exchange_rate, rates.rate)'
        ) }} as return_value_base
    from came_back
    left join rates
        on came_back.currency = rates.from_currency
            and came_back.base_currency = rates.to_currency
            and came_back.returned_on = rates.day
)

select
    in_base.return_line_key,
    in_base.source,
    in_base.return_key,
    in_base.return_no,
    in_base.returned_on,
    in_base.reason,
    account_customer.customer_id,
    customers.customer_name,
    customers.group_id,
    in_base.entity_key,
    in_base.account_key,
    in_base.bill_to_account_key,
    in_base.order_key,
    in_base.order_no,
    in_base.order_line_key,
    cast(in_base.order_line_no as integer) as order_line_no,
    in_base.shipment_line_key,
    in_base.item_key,
    items.item_code,
    items.name as item_name,
    items.uom,
    in_base.qty as quantity,
    in_base.currency,
    in_base.return_value as value,
    in_base.base_currency,
    in_base.return_value_base as value_base,
    run_context.reporting_currency,
    {{ convert('in_base.return_value_base', 'rates.rate') }} as value_reporting,
    documents.document_key as credit_document_key,
    documents.document_no as credit_document_no,
    documents.posting_date as credited_on,
    in_base.return_value_base is null or rates.rate is null as is_rate_missing,
    run_context.as_of_date,
    run_context.is_forced
from in_base
cross join run_context
inner join account_customer on in_base.account_key = account_customer.account_key
inner join customers on account_customer.customer_id = customers.customer_id
left join documents on in_base.credit_document_key = documents.document_key
left join items on in_base.item_key = items.item_key
left join rates
    on in_base.base_currency = rates.from_currency
        and run_context.reporting_currency = rates.to_currency
        and in_base.returned_on = rates.day
