-- Grain: one row per ledger balance, payment, document, limit or currency that needs a
-- person, and kind. Amounts: the currency they are stated in.
-- A payment may wait 30 days for what it pays: within a month somebody asks.
{%- set unallocated_days = 30 %}
with run_context as (
    select * from {{ ref('stg_run_context') }}
),

explanations as (
    select
        *,
        coalesce(document_type || ' ' || document_no, refused_row) as explanation
    from {{ ref('ar_reconciliation_documents') }}
    where place = 1
        and is_whole_difference
),

-- At most one explanation comes first.
differences as (
    select
        reconciliation.*,
        reconciliation.entity_key
        || '/' || reconciliation.control_account
        || '/' || reconciliation.currency as record_key,
        case
            when abs(reconciliation.difference) >= 0.005
                then reconciliation.difference
            else reconciliation.difference_base
        end as amount,
        case
            when abs(reconciliation.difference) >= 0.005
                then reconciliation.currency
            else reconciliation.base_currency
        end as amount_currency,
        explanations.explanation
    from {{ ref('ar_reconciliation') }} as reconciliation
    left join explanations
        on reconciliation.entity_key = explanations.entity_key
            and reconciliation.control_account = explanations.control_account
            and reconciliation.currency = explanations.currency
    where reconciliation.status = 'differs'
),

open_items as (
    select
        *,
        coalesce(account_name, account_key) as debtor
    from {{ ref('ar_open_items') }}
),

payments as (
    select
        *,
        -residual as unallocated
    from open_items
    where document_type = 'receipt'
        and residual < 0
        and {{ days_between('posting_date', 'as_of_date') }} > {{ unallocated_days }}
),

reversed as (
    select
        *,
        document_type || ' ' || document_no || ' of ' || debtor as title
    from open_items
    where (document_type = 'invoice' and amount < 0)
        or (document_type = 'credit_note' and amount > 0)
),

expired_limits as (
    select
        *,
        level || '/' || id as record_key
    from {{ ref('credit_exposure') }}
    where is_limit_expired
        and (level <> 'customer' or limit_source = 'steward')
),

ended_insurances as (
    select *
    from {{ ref('credit_exposure') }}
    where level = 'account'
        and not is_insurance_valid
        and uninsured > 0
),

currencies_used as (
    select
        base_currency as currency,
        source
    from {{ ref('int_order_lines') }}
    union
    select
        base_currency as currency,
        source
    from open_items
    union
    select
        currency,
        source
    from {{ ref('unprocessed_orders') }}
    where record_type <> 'erp_order'
),

missing_rates as (
    select distinct
        currencies_used.source,
        currencies_used.currency,
        run_context.reporting_currency,
        run_context.as_of_date
    from currencies_used
    cross join run_context
    left join {{ ref('int_fx_as_of') }} as fx_rates
        on currencies_used.currency = fx_rates.from_currency
            and run_context.reporting_currency = fx_rates.to_currency
    where currencies_used.currency is not null
        and fx_rates.rate is null
)

{{ exception_rows('differences', 'gl_difference', 'record_key',
    "'control account ' || control_account || ' of '
        || coalesce(entity_name, entity_key)
        || ' and the open items differ'
        || coalesce(', perhaps by ' || explanation, '')",
    'as_of_date', 'amount', 'amount_currency', "'finance'",
    'ar_reconciliation_documents',
    customer='cast(null as varchar)') }}
union all
{{ exception_rows('payments', 'payment_unallocated', 'open_item_key',
    "document_type || ' ' || document_no || ' of ' || debtor
        || ' settles nothing for more than " ~ unallocated_days ~ " days'",
    'posting_date', 'unallocated', 'currency', "'finance'", 'ar_open_items') }}
union all
{{ exception_rows('reversed', 'document_reversed', 'open_item_key',
    "title || ' stands on the other side of the account'",
    'document_date', 'residual', 'currency', "'finance'", 'ar_open_items') }}
union all
{{ exception_rows('expired_limits', 'limit_expired', 'record_key',
    "'credit limit of ' || coalesce(name, id) || ' expired'",
    add_days('valid_to', 1), 'credit_limit', 'currency', "'finance'", 'credit_exposure',
    source='cast(null as varchar)') }}
union all
{{ exception_rows('ended_insurances', 'insurance_ended', 'id',
    "'credit insurance of ' || coalesce(name, id) || ' ended, and it owes'",
    add_days('insured_until', 1), 'uninsured', 'currency', "'finance'",
    'credit_exposure', source='cast(null as varchar)') }}
union all
{{ exception_rows('missing_rates', 'fx_rate_missing', "source || '/' || currency",
    "'no rate from ' || currency || ' to ' || reporting_currency",
    'as_of_date', 'null', 'currency', "'finance'", 'fx_rate',
    customer='cast(null as varchar)') }}
