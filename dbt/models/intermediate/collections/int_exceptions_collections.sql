-- Grain: one row per promise, dispute or letter that needs a person, and kind. Amounts:
-- document currency. A promise for a whole account is broken once for each item.
with items as (
    select
        *,
        'promise to pay ' || document_no || ' by ' || cast(promised_date as varchar)
        || ' was broken' as what
    from {{ ref('int_collection_items') }}
    where is_broken
),

documents as (
    select
        document_key,
        customer_id,
        document_no,
        document_date,
        currency,
        as_of_date,
        min(account_name) as debtor
    from {{ ref('ar_open_items') }}
    where disputed > 0
    group by
        document_key, customer_id, document_no, document_date, currency, as_of_date
),

disputes as (
    select
        dispute.source,
        dispute.dispute_key,
        dispute.amount,
        documents.customer_id,
        documents.currency,
        coalesce(dispute.owner, 'finance') as person,
        coalesce(dispute.opened_on, documents.document_date) as opened_on,
        'dispute of ' || documents.document_no || ' of '
        || coalesce(documents.debtor, documents.customer_id)
        || coalesce(': ' || dispute.reason, '') || ', open for more than '
        || cast({{ dispute_days() }} as varchar) || ' days' as what
    from {{ ref('stg_erp_dispute') }} as dispute
    inner join documents on dispute.document_key = documents.document_key
    where {{ days_between(
            'coalesce(dispute.opened_on, documents.document_date)',
            'documents.as_of_date'
        ) }} > {{ dispute_days() }}
        and coalesce(dispute.closed_on > documents.as_of_date, true)
),

letters as (
    select
        *,
        'letter of level ' || cast(level as varchar) || ' to ' || account_name as title,
        {{ days_between('due_since', 'as_of_date') }} > {{ release_days() }} as waits
    from {{ ref('collection_letters') }}
)

{{ exception_rows('items', 'promise_broken', 'open_item_key', 'what',
    add_days('promised_date', 1), 'asked', 'currency', "'finance'",
    'collections_worklist') }}
union all
{{ exception_rows('disputes', 'dispute_open', 'dispute_key', 'what', 'opened_on',
    'amount', 'currency', 'person', 'ar_open_items') }}
union all
{{ exception_rows('letters', 'letter_not_released', 'letter_id',
    "title || ' is due and not released'", 'due_since', 'to_pay', 'currency',
    "'finance'", 'collection_letters', 'waits') }}
union all
{{ exception_rows('letters', 'letter_without_address', 'letter_id',
    "title || ' cannot be sent: ' || cannot_be_sent_because", 'due_since', 'to_pay',
    'currency', "'finance'", 'collection_letters',
    'cannot_be_sent_because is not null') }}
