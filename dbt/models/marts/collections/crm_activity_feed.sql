-- Grain: one row per letter that was sent to an account, by its reference: an event for
-- the CRM's history. A letter that is only due is no event.
-- already_in_crm: an activity of type letter of the same customer names the reference
-- in what it is related to or in its subject.
with events as (
    select * from {{ ref('int_dunning_events') }}
),

named as (
    select distinct
        events.account_key,
        events.letter_ref,
        named.document_key,
        coalesce(named.document_no, named.document_id) as document_no,
        named.currency
    from {{ ref('int_dunning_event_documents') }} as named
    inner join events on named.event_key = events.event_key
),

documents as (
    select
        account_key,
        letter_ref,
        {{ joined_text('document_no', 'document_no, document_key', ', ') }}
            as document_nos,
        cast(count(*) as integer) as documents,
        case when min(currency) = max(currency) then min(currency) end as currency
    from named
    group by account_key, letter_ref
),

unresolved as (
    select distinct
        account_key,
        letter_ref
    from (
        select
            events.account_key,
            events.letter_ref
        from {{ ref('int_dunning_event_items') }} as items
        inner join events on items.event_key = events.event_key
    ) as open_letters
),

letters as (
    select
        account_key,
        letter_ref,
        min(source) as event_source,
        min(origin) as origin,
        max(level) as level,
        min(sent_on) as sent_on,
        min(channel) as channel,
        max(currency) as currency,
        {{ money('sum(amount)') }} as amount,
        {{ money('sum(interest)') }} as interest,
        {{ money('sum(fee)') }} as fee
    from events
    group by account_key, letter_ref
),

addressees as (
    select * from {{ ref('int_addressees') }}
),

activities as (
    select
        companies.customer_id,
        activity.related_to,
        activity.subject
    from {{ ref('stg_crm_activity') }} as activity
    left join {{ ref('stg_crm_contact') }} as contact
        on activity.contact_key = contact.contact_key
    inner join {{ ref('int_company_customer') }} as companies
        on coalesce(activity.company_key, contact.company_key) = companies.company_key
    where activity.type = 'letter'
),

known as (
    select distinct
        letters.account_key,
        letters.letter_ref
    from letters
    inner join addressees on letters.account_key = addressees.account_key
    inner join activities on addressees.customer_id = activities.customer_id
    where activities.related_to
        = 'letter/' || letters.account_key || '/' || letters.letter_ref
        or {{ names_reference('activities.related_to', 'letters.letter_ref') }}
        or {{ names_reference('activities.subject', 'letters.letter_ref') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
)

select
    'letter/' || letters.account_key || '/' || letters.letter_ref as event_key,
    addressees.crm_source,
    addressees.company_id,
    addressees.contact_id,
    addressees.customer_id,
    addressees.customer_name,
    letters.account_key,
    addressees.account_code,
    'letter' as type,
    {{ letter_subject(
        'letters.letter_ref', 'letters.level', 'letters.amount', 'letters.currency'
    ) }} as subject,
    {{ letter_text(
        'letters.level', 'letters.channel', 'documents.document_nos',
        'letters.amount', 'letters.interest', 'letters.fee',
        'coalesce(letters.currency, documents.currency)'
    ) }} as text,
    letters.sent_on,
    case when unresolved.letter_ref is null then 'resolved' else 'open' end as state,
    letters.channel,
    letters.level,
    letters.letter_ref,
    letters.amount,
    coalesce(letters.currency, documents.currency) as currency,
    coalesce(documents.documents, 0) as documents,
    documents.document_nos,
    letters.event_source,
    letters.origin,
    known.letter_ref is not null as already_in_crm,
    run_context.as_of_date,
    run_context.is_forced
from letters
cross join run_context
inner join addressees on letters.account_key = addressees.account_key
left join documents
    on letters.account_key = documents.account_key
        and letters.letter_ref = documents.letter_ref
left join unresolved
    on letters.account_key = unresolved.account_key
        and letters.letter_ref = unresolved.letter_ref
left join known
    on letters.account_key = known.account_key
        and letters.letter_ref = known.letter_ref
