-- Grain: one row per receivable document, draft or posted, of any date.
-- It exists from exists_from up to and without exists_until; a draft, and a void one
-- whose day of voiding is unknown, never does (both null). Effects are sign x amount.
-- Due date: stated, else by the payment terms of the account, else the document date.
with document as (
    select * from {{ ref('stg_erp_ar_document') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

entity as (
    select * from {{ ref('stg_erp_entity') }}
),

payment_terms as (
    select * from {{ ref('stg_erp_payment_terms') }}
),

source_info as (
    select * from {{ ref('stg_source_info') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

dated as (
    select
        document.*,
        coalesce(document.posting_date, document.document_date) as posted_from,
        document.status = 'draft'
        or (document.status = 'void' and document.voided_on is null) as never_exists,
        {{ due_by_terms(
            'document.document_date', 'payment_terms.basis', 'payment_terms.days'
        ) }} as terms_due_date,
        accounts.control_account as account_control_account,
        entity.base_currency,
        source_info.settlement
    from document
    left join accounts on document.account_key = accounts.account_key
    left join payment_terms
        on document.source = payment_terms.source
            and case
                when document.sign * document.amount > 0
                    then accounts.payment_terms_code
            end = payment_terms.terms_code
    left join entity on document.entity_key = entity.entity_key
    left join source_info on document.source = source_info.source
)

select
    dated.document_key,
    dated.source,
    dated.settlement,
    dated.document_id,
    dated.entity_key,
    dated.account_key,
    dated.ordering_account_key,
    dated.order_key,
    dated.document_type,
    dated.document_no,
    dated.reference,
    dated.po_number,
    dated.document_date,
    dated.posted_from as posting_date,
    case
        when dated.due_date is not null then dated.due_date
        when dated.terms_due_date is not null then dated.terms_due_date
        else dated.document_date
    end as due_date,
    case
        when dated.due_date is not null then 'stated'
        when dated.terms_due_date is not null then 'payment_terms'
        else 'document_date'
    end as due_date_basis,
    coalesce(dated.due_date < dated.document_date, false) as is_due_before_document,
    coalesce(dated.control_account, dated.account_control_account) as control_account,
    dated.currency,
    dated.base_currency,
    dated.exchange_rate,
    {{ money('dated.sign * dated.amount') }} as effect,
    {{ money('dated.sign * dated.base_amount') }} as effect_base,
    {{ money('dated.sign * dated.open_amount') }} as stated_open,
    dated.status = 'draft' as is_draft,
    dated.dispute_id,
    case when not dated.never_exists then dated.posted_from end as exists_from,
    case
        when dated.never_exists then null
        else coalesce(dated.voided_on, {{ last_day_ever() }})
    end as exists_until,
    coalesce(
        not dated.never_exists
        and dated.posted_from <= run_context.as_of_date
        and coalesce(dated.voided_on > run_context.as_of_date, true),
        false
    ) as exists_at_as_of,
    coalesce(not dated.never_exists and dated.voided_on is null, false)
        as exists_lastly,
    dated.load_date,
    run_context.as_of_date
from dated
cross join run_context
