-- Grain: one row per document, order or line at the as-of date and rule it breaks.
-- Receivables flag the bill-to account, orders and sales the ordering account.
with documents as (
    select * from {{ ref('int_documents') }}
),

invoices as (
    select * from {{ ref('int_invoices') }}
),

balances as (
    select * from {{ ref('int_document_balances') }}
),

sales as (
    select * from {{ ref('int_sales_documents') }}
),

order_lines as (
    select * from {{ ref('int_order_lines') }}
),

-- An invoice or credit note dated after its own load cannot be a fact yet.
posted as (
    select
        *,
        document_type in ('invoice', 'credit_note') and not is_draft as is_invoice
    from documents
),

invoice_lines as (
    select
        lines.source,
        lines.line_key,
        invoices.ordering_account_key,
        lines.unit_price is null and lines.net_amount is null as is_unpriced
    from {{ ref('stg_erp_ar_document_line') }} as lines
    inner join invoices on lines.document_key = invoices.document_key
)

{%- set invoice = 'erp_ar_document' %}
{%- set rules = [
    ('invoices', invoice, 'document_key', 'net_derived', "net_basis <> 'stated'",
        'ordering_account_key'),
    ('invoices', invoice, 'document_key', 'ordering_account_unknown',
        'is_ordering_account_unknown', 'bill_to_account_key'),
    ('posted', invoice, 'document_key', 'due_date_derived',
        "is_invoice and exists_at_as_of and due_date_basis <> 'stated'", 'account_key'),
    ('posted', invoice, 'document_key', 'due_before_document',
        'is_invoice and exists_at_as_of and is_due_before_document', 'account_key'),
    ('posted', invoice, 'document_key', 'dated_after_load',
        'is_invoice and posting_date > load_date', 'account_key'),
    ('balances', invoice, 'document_key', 'payment_undated', 'has_undated_allocation',
        'account_key'),
    ('balances', invoice, 'document_key', 'open_amount_missing',
        'is_open_amount_missing', 'account_key'),
    ('sales', invoice, 'sale_key', 'rate_missing',
        "is_rate_missing and sale_type <> 'order'", 'ordering_account_key'),
    ('sales', 'erp_sales_order', 'sale_key', 'rate_missing',
        "is_rate_missing and sale_type = 'order'", 'ordering_account_key'),
    ('sales', 'erp_sales_order', 'sale_key', 'net_unknown',
        "net_amount is null and sale_type = 'order'", 'ordering_account_key'),
    ('invoice_lines', 'erp_ar_document_line', 'line_key', 'unpriced', 'is_unpriced',
        'ordering_account_key'),
    ('order_lines', 'erp_sales_order_line', 'order_line_key', 'unpriced', 'is_unpriced',
        'ordering_account_key'),
] %}
{% for relation, table, key, check, broken, account in rules %}
{{ flagged(relation, table, key, check, broken, 'account', account) }}
{{ 'union all' if not loop.last }}
{%- endfor %}
