-- Grain: one row per sale at the as-of date: a posted invoice or credit note, or an
-- order of a source that declares its orders to be its sales.
-- Amounts: net of tax and freight, credit notes negative, in document, base and
-- reporting currency. Reporting: from base at the last rate on or before the document
-- date; null where there is none. Sales stand on the ordering account.
-- A purchase is an invoice, or a sold order, worth more than nothing: a credit note
-- lowers what was bought, and moves neither its day nor how often it was.
-- Salesperson: of the sale, else of the account.
with invoices as (
    select * from {{ ref('int_invoices') }}
),

orders as (
    select * from {{ ref('int_order_sales') }}
),

source_info as (
    select * from {{ ref('stg_source_info') }}
),

account_customer as (
    select * from {{ ref('int_account_customer') }}
),

accounts as (
    select
        account_key,
        salesperson_code
    from {{ ref('int_accounts') }}
),

rates as (
    select * from {{ ref('int_rates_of_days') }}
),

run_context as (
    select
        as_of_date,
        reporting_currency
    from {{ ref('stg_run_context') }}
),

sales as (
    select
        invoices.document_key as sale_key,
        invoices.document_type as sale_type,
        invoices.source,
        invoices.entity_key,
        invoices.ordering_account_key,
        invoices.bill_to_account_key,
        invoices.salesperson_code,
        invoices.posting_date as sale_date,
        invoices.document_date,
        invoices.currency,
        invoices.base_currency,
        invoices.net_amount,
        invoices.net_base,
        invoices.net_basis,
        invoices.costed_net_base,
        invoices.costed_net_base - invoices.cost_base as margin_base
    from invoices
    left join source_info on invoices.source = source_info.source
    where coalesce(source_info.sales_from, 'invoices') = 'invoices'
    union all
    select
        orders.order_key as sale_key,
        'order' as sale_type,
        orders.source,
        orders.entity_key,
        orders.ordering_account_key,
        orders.bill_to_account_key,
        orders.salesperson_code,
        orders.order_date as sale_date,
        orders.order_date as document_date,
        orders.currency,
        orders.base_currency,
        orders.net_amount,
        orders.net_base,
        orders.net_basis,
        cast(null as decimal(18, 4)) as costed_net_base,
        cast(null as decimal(18, 4)) as margin_base
    from orders
    inner join source_info on orders.source = source_info.source
    where source_info.sales_from = 'orders'
)

select
    sales.sale_key,
    sales.sale_type,
    sales.source,
    sales.entity_key,
    sales.ordering_account_key,
    sales.bill_to_account_key,
    account_customer.customer_id,
    coalesce(sales.salesperson_code, accounts.salesperson_code) as salesperson_code,
    sales.sale_date,
    sales.document_date,
    sales.currency,
    sales.base_currency,
    run_context.reporting_currency,
    sales.net_amount,
    sales.net_base,
    {{ convert('sales.net_base', 'rates.rate') }} as net_reporting,
    sales.net_basis,
    sales.costed_net_base,
    sales.margin_base,
    {{ convert('sales.costed_net_base', 'rates.rate') }} as costed_net_reporting,
    {{ convert('sales.margin_base', 'rates.rate') }} as margin_reporting,
    coalesce(sales.sale_type <> 'credit_note' and sales.net_amount > 0, false)
        as is_purchase,
    rates.rate is null as is_rate_missing,
    run_context.as_of_date
from sales
cross join run_context
inner join account_customer
    on sales.ordering_account_key = account_customer.account_key
left join accounts on sales.ordering_account_key = accounts.account_key
left join rates
    on sales.base_currency = rates.from_currency
        and run_context.reporting_currency = rates.to_currency
        and sales.document_date = rates.day
