-- Grain: one row per letter that was sent and open item it asked for: what is not paid.
-- Of a document in instalments it asked for those that were late on its day.
-- A letter none of whose documents is known asked for all that was overdue on its day.
-- A letter without a row here is over; where a payment is reversed it has one again.
with events as (
    select * from {{ ref('int_dunning_events') }}
),

named as (
    select * from {{ ref('int_dunning_event_documents') }}
),

recognised as (
    select distinct event_key
    from named
    where document_no is not null
),

open_debits as (
    select
        open_item_key,
        document_key,
        installment_no,
        account_key,
        currency,
        posting_date,
        due_date
    from {{ ref('ar_open_items') }}
    where residual > 0
)

select
    events.event_key,
    open_debits.open_item_key,
    open_debits.account_key,
    open_debits.currency,
    events.level,
    events.sent_on,
    events.letter_ref
from events
inner join named on events.event_key = named.event_key
inner join open_debits on named.document_key = open_debits.document_key
where open_debits.installment_no is null
    or events.sent_on > open_debits.due_date
union all
select
    events.event_key,
    open_debits.open_item_key,
    open_debits.account_key,
    open_debits.currency,
    events.level,
    events.sent_on,
    events.letter_ref
from events
left join recognised on events.event_key = recognised.event_key
inner join open_debits
    on events.account_key = open_debits.account_key
        and events.sent_on > open_debits.due_date
        and events.sent_on >= open_debits.posting_date
where recognised.event_key is null
