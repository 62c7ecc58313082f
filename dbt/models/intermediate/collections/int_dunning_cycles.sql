-- Grain: one row per account and document currency that was written to about something
-- it still owes: the present round of letters. Where all they asked for is paid there
-- is no row, and the next letter is of the first level again.
with unresolved as (
    select distinct
        event_key,
        account_key,
        currency,
        level,
        sent_on
    from {{ ref('int_dunning_event_items') }}
)

select
    account_key,
    currency,
    cast(max(level) as integer) as last_level,
    max(sent_on) as last_sent_on,
    min(sent_on) as first_sent_on,
    cast(count(*) as integer) as letters
from unresolved
group by account_key, currency
