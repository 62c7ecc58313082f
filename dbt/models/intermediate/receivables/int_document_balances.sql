-- Grain: one row per document that exists at the as-of date, of every source that
-- states how its receivables were settled. Amounts are effects: debit positive, credit
-- negative. What remains at the date, and as far as is known today.
with documents as (
    select * from {{ ref('int_documents') }}
    where exists_at_as_of
),

periods as (
    select * from {{ ref('int_document_periods') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

-- A document has at most one period at a date.
at_date as (
    select periods.*
    from periods
    inner join run_context
        on periods.valid_from <= run_context.as_of_date
            and periods.valid_until > run_context.as_of_date
),

lastly as (
    select
        document_key,
        residual,
        residual_base
    from periods
    where valid_until = {{ last_day_ever() }}
)

select
    documents.document_key,
    documents.source,
    documents.settlement,
    documents.document_id,
    documents.entity_key,
    documents.account_key,
    documents.ordering_account_key,
    documents.order_key,
    documents.document_type,
    documents.document_no,
    documents.reference,
    documents.po_number,
    documents.document_date,
    documents.posting_date,
    documents.due_date,
    documents.due_date_basis,
    documents.is_due_before_document,
    documents.control_account,
    documents.currency,
    documents.base_currency,
    documents.effect,
    documents.effect_base,
    at_date.residual,
    at_date.residual_base,
    at_date.paid,
    {{ money('documents.effect - at_date.residual - at_date.paid') }} as credited,
    {{ money('coalesce(lastly.residual, 0)') }} as remaining_later,
    {{ money('coalesce(lastly.residual_base, 0)') }} as remaining_later_base,
    at_date.settled_on,
    documents.dispute_id,
    at_date.is_live_balance,
    coalesce(at_date.is_live_balance and documents.stated_open is null, false)
        as is_open_amount_missing,
    case when at_date.is_live_balance then documents.load_date end as live_balance_date,
    at_date.has_undated_allocation,
    documents.stated_open,
    documents.as_of_date
from documents
inner join at_date on documents.document_key = at_date.document_key
left join lastly on documents.document_key = lastly.document_key
