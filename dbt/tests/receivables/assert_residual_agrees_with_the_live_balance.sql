-- Where a source states live balances beside its allocations, the two should agree once
-- everything known today is in effect. A difference is published and listed.
{{ config(severity='warn') }}
select
    document_key,
    remaining_later,
    stated_open
from {{ ref('int_document_balances') }}
where not is_live_balance
    and stated_open <> remaining_later
