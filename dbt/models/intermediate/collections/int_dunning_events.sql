-- Grain: one row per letter that was sent on or before the as-of date: the ledgers' own
-- and those released from a publication, which count as sent when they are released.
-- A letter that a ledger knows by the same reference is the ledger's: it may have been
-- taken back there.
with erp_events as (
    select * from {{ ref('stg_erp_dunning_event') }}
),

releases as (
    select * from {{ ref('stg_letter_release') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

known_to_ledgers as (
    select distinct
        erp_events.account_key,
        erp_events.letter_ref
    from erp_events
    inner join run_context on erp_events.sent_on <= run_context.as_of_date
),

events as (
    select
        event_key,
        source,
        'erp' as origin,
        account_key,
        source as document_source,
        level,
        sent_on,
        channel,
        letter_ref,
        documents,
        cast(null as varchar) as currency,
        cast(null as decimal(18, 4)) as amount,
        interest,
        fee
    from erp_events
    where not coalesce({{ is_unsent('state') }}, false)
    union all
    select
        {{ key_of('releases.letter_id', 'releases.source') }} as event_key,
        releases.source,
        'released' as origin,
        releases.account_key,
        releases.account_source as document_source,
        releases.level,
        releases.released_on as sent_on,
        releases.channel,
        releases.letter_ref,
        releases.documents,
        releases.currency,
        releases.amount,
        releases.interest,
        releases.fee
    from releases
    left join known_to_ledgers
        on releases.account_key = known_to_ledgers.account_key
            and releases.letter_ref = known_to_ledgers.letter_ref
    where known_to_ledgers.letter_ref is null
)

select
    events.event_key,
    events.source,
    events.origin,
    events.account_key,
    events.document_source,
    cast(events.level as integer) as level,
    events.sent_on,
    events.channel,
    events.letter_ref,
    events.documents,
    events.currency,
    {{ money('events.amount') }} as amount,
    {{ money('events.interest') }} as interest,
    {{ money('events.fee') }} as fee
from events
inner join run_context on events.sent_on <= run_context.as_of_date
