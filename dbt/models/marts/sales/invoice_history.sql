-- Grain: one row per posted invoice or credit note that exists at the as-of date.
-- Amounts: document currency, `_base` the ledger's, `_reporting` the company's; a
-- credit note is negative. Values convert at the document date, what is unpaid at the
-- as-of date.
-- The invoice stands on the ordering account; what is owed stands on the bill-to
-- account.
with invoices as (
    select * from {{ ref('int_invoices') }}
),

documents as (
    select * from {{ ref('int_documents') }}
),

balances as (
    select * from {{ ref('int_document_balances') }}
),

descriptions as (
    select * from {{ ref('int_invoice_descriptions') }}
),

discounts as (
    select
        allocations.debit_document_key as document_key,
        {{ money('sum(allocations.discount_amount)') }} as discount_taken
    from {{ ref('int_allocations') }} as allocations
    inner join {{ ref('stg_run_context') }} as at_date
        on allocations.effective_from <= at_date.as_of_date
            and allocations.effective_until > at_date.as_of_date
    where allocations.discount_amount <> 0
    group by allocations.debit_document_key
),

overdue as (
    select
        document_key,
        max(days_overdue) as days_overdue
    from {{ ref('ar_open_items') }}
    where days_overdue > 0
        and residual > 0
    group by document_key
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

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
)

select
    invoices.document_key,
    invoices.source,
    documents.document_id,
    invoices.document_type,
    documents.document_no,
    customers.customer_id,
    customers.customer_name,
    customers.group_id,
    invoices.entity_key,
    invoices.ordering_account_key as account_key,
    invoices.bill_to_account_key,
    bill_to_customer.customer_id as bill_to_customer_id,
    descriptions.description,
    coalesce(descriptions.lines, 0) as lines,
    invoices.document_date,
    invoices.posting_date,
    documents.due_date,
    documents.due_date_basis,
    documents.reference,
    documents.po_number,
    documents.order_key,
    invoices.salesperson_code,
    invoices.currency,
    invoices.base_currency,
    run_context.reporting_currency,
    invoices.amount,
    invoices.amount_base,
    {{ convert('invoices.amount_base', 'rates.rate') }} as amount_reporting,
    invoices.net_amount,
    invoices.net_base,
    {{ convert('invoices.net_base', 'rates.rate') }} as net_reporting,
    invoices.net_basis,
    invoices.tax_amount,
    invoices.freight_amount,
    invoices.discount_amount,
    case
        when balances.paid is not null
            then coalesce(discounts.discount_taken, {{ money('0') }})
    end as discount_taken,
    balances.paid,
    balances.credited,
    balances.residual as open_amount,
    balances.residual_base as open_amount_base,
    {{ convert('balances.residual_base', 'fx_as_of.rate') }} as open_amount_reporting,
    case
        when balances.document_key is null then 'unknown'
        when invoices.amount = 0 and balances.residual = 0 then 'nothing_to_pay'
        when balances.residual = invoices.amount then 'open'
        when invoices.document_type = 'credit_note' and balances.residual = 0
            then 'used'
        when invoices.document_type = 'credit_note' then 'part_used'
        when balances.residual = 0 and balances.paid = 0 then 'credited'
        when balances.residual = 0 then 'paid'
        else 'part_paid'
    end as payment_status,
    balances.settled_on,
    {{ days_to_pay(
        'invoices.document_type', 'invoices.amount', 'invoices.document_date', 'balances'
    ) }} as days_to_pay,
    overdue.days_overdue,
    balances.is_live_balance,
    balances.has_undated_allocation as is_settlement_date_estimated,
    invoices.is_ordering_account_unknown,
    rates.rate is null
    or (balances.document_key is not null and fx_as_of.rate is null) as is_rate_missing,
    invoices.custom_fields,
    run_context.as_of_date,
    run_context.is_forced
from invoices
cross join run_context
inner join documents on invoices.document_key = documents.document_key
inner join account_customer
    on invoices.ordering_account_key = account_customer.account_key
inner join customers on account_customer.customer_id = customers.customer_id
left join account_customer as bill_to_customer
    on invoices.bill_to_account_key = bill_to_customer.account_key
left join balances on invoices.document_key = balances.document_key
left join descriptions on invoices.document_key = descriptions.document_key
left join discounts on invoices.document_key = discounts.document_key
left join overdue on invoices.document_key = overdue.document_key
left join rates
    on invoices.base_currency = rates.from_currency
        and run_context.reporting_currency = rates.to_currency
        and invoices.document_date = rates.day
left join fx_as_of
    on invoices.base_currency = fx_as_of.from_currency
        and run_context.reporting_currency = fx_as_of.to_currency
