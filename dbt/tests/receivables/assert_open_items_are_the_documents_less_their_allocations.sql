-- Per account and currency, what is open is what was posted less what was allocated:
-- the sum of the open items is recomputed from the extracts themselves, on another way.
with run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

source_info as (
    select source from {{ ref('stg_source_info') }}
    where settlement = 'allocations'
),

documents as (
    select
        document.document_key,
        document.account_key,
        document.currency,
        document.sign * document.amount as effect,
        coalesce(document.posting_date, document.document_date) as posted_on
    from {{ ref('stg_erp_ar_document') }} as document
    inner join source_info on document.source = source_info.source
    cross join run_context
    where document.status <> 'draft'
        and coalesce(document.posting_date, document.document_date)
        <= run_context.as_of_date
        and (document.status <> 'void' or document.voided_on is not null)
        and (document.voided_on is null or document.voided_on > run_context.as_of_date)
),

allocations as (
    select
        allocation.debit_document_key,
        allocation.credit_document_key,
        allocation.amount,
        allocation.credit_amount
    from {{ ref('stg_erp_ar_allocation') }} as allocation
    cross join run_context
    inner join documents as debit
        on allocation.debit_document_key = debit.document_key
    inner join documents as credit
        on allocation.credit_document_key = credit.document_key
    where coalesce(allocation.allocation_date, allocation.load_date)
        <= run_context.as_of_date
        and (
            allocation.reversed_on is null
            or allocation.reversed_on > run_context.as_of_date
        )
),

movements as (
    select
        account_key,
        currency,
        effect as amount
    from documents
    union all
    select
        documents.account_key,
        documents.currency,
        -allocations.amount as amount
    from allocations
    inner join documents on allocations.debit_document_key = documents.document_key
    union all
    select
        documents.account_key,
        documents.currency,
        allocations.credit_amount as amount
    from allocations
    inner join documents on allocations.credit_document_key = documents.document_key
),

expected as (
    select
        account_key,
        currency,
        sum(amount) as balance
    from movements
    group by account_key, currency
),

found as (
    select
        account_key,
        currency,
        sum(residual) as balance
    from {{ ref('ar_open_items') }}
    where not is_live_balance
    group by account_key, currency
)

select
    coalesce(expected.account_key, found.account_key) as account_key,
    coalesce(expected.currency, found.currency) as currency,
    expected.balance as expected_balance,
    found.balance as found_balance
from expected
full outer join found
    on expected.account_key = found.account_key
        and expected.currency = found.currency
where coalesce(expected.balance, 0) <> coalesce(found.balance, 0)
