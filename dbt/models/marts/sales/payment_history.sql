-- Grain: one row per allocation in effect at the as-of date; one row without a document
-- for each payment or other credit that leaves something unallocated.
-- Amounts: positive where a debt is settled. `amount`: document currency (that of the
-- payment on a rest), the discount included; `_base` the ledger's, at the payment's
-- rate; `_reporting` at the last rate on or before the payment's date, a rest, being a
-- balance, at that of the as-of date.
-- A payment stands on the account that paid; the document may be another account's.
with run_context as (
    select * from {{ ref('stg_run_context') }}
),

documents as not materialized (
    select * from {{ ref('int_documents') }}
    where exists_at_as_of
),

balances as not materialized (
    select * from {{ ref('int_document_balances') }}
),

allocations as (
    select allocations.*
    from {{ ref('int_allocations') }} as allocations
    inner join run_context
        on allocations.effective_from <= run_context.as_of_date
            and allocations.effective_until > run_context.as_of_date
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

moves as (
    select
        allocation_key as payment_line_key,
        allocation_key,
        credit_document_key as payment_key,
        debit_document_key as document_key,
        installment_no,
        effective_from as allocated_on,
        is_undated,
        amount,
        credit_amount as payment_amount,
        discount_amount as discount_taken,
        base_amount as amount_base,
        base_amount - credit_base_amount as discount_taken_base
    from allocations
    union all
    select
        document_key || '/unallocated' as payment_line_key,
        cast(null as varchar) as allocation_key,
        document_key as payment_key,
        cast(null as varchar) as document_key,
        cast(null as integer) as installment_no,
        cast(null as date) as allocated_on,
        false as is_undated,
        -residual as amount,
        -residual as payment_amount,
        0 as discount_taken,
        -residual_base as amount_base,
        0 as discount_taken_base
    from balances
    where (residual <> 0 or residual_base <> 0)
        and {{ is_credit_side('balances') }}
),

dated as (
    select
        moves.*,
        payments.source,
        payments.settlement,
        payments.entity_key,
        payments.account_key,
        payments.document_type as payment_type,
        payments.document_no as payment_no,
        payments.reference as payment_reference,
        payments.document_date as payment_date,
        payments.currency as payment_currency,
        payments.base_currency,
        case
            when moves.allocation_key is null then run_context.as_of_date
            else payments.document_date
        end as rate_date
    from moves
    cross join run_context
    inner join documents as payments on moves.payment_key = payments.document_key
)

select
    dated.payment_line_key,
    dated.source,
    dated.payment_key,
    dated.payment_type,
    {{ is_money('dated.payment_type') }} as is_money,
    dated.payment_no,
    dated.payment_reference,
    dated.payment_date,
    account_customer.customer_id,
    customers.customer_name,
    customers.group_id,
    dated.entity_key,
    dated.account_key,
    dated.document_key,
    paid.document_type,
    paid.document_no,
    paid.account_key as document_account_key,
    paid.ordering_account_key,
    paid.order_key,
    paid.document_date,
    paid.due_date,
    dated.installment_no,
    dated.allocated_on,
    dated.is_undated,
    dated.document_key is null as is_unallocated,
    coalesce(paid.currency, dated.payment_currency) as currency,
    {{ money('dated.amount') }} as amount,
    {{ money('dated.discount_taken') }} as discount_taken,
    dated.payment_currency,
    {{ money('dated.payment_amount') }} as payment_amount,
    dated.base_currency,
    {{ money('dated.amount_base') }} as amount_base,
    {{ money('dated.discount_taken_base') }} as discount_taken_base,
    run_context.reporting_currency,
    {{ convert('dated.amount_base', 'rates.rate') }} as amount_reporting,
    {{ days_to_pay(
        'paid.document_type', 'paid.effect', 'paid.document_date', 'balances'
    ) }} as days_to_pay,
    dated.settlement = 'live_balance' as is_live_balance,
    rates.rate is null as is_rate_missing,
    run_context.as_of_date,
    run_context.is_forced
from dated
cross join run_context
inner join account_customer on dated.account_key = account_customer.account_key
inner join customers on account_customer.customer_id = customers.customer_id
left join documents as paid on dated.document_key = paid.document_key
left join balances on dated.document_key = balances.document_key
left join rates
    on dated.base_currency = rates.from_currency
        and run_context.reporting_currency = rates.to_currency
        and dated.rate_date = rates.day
