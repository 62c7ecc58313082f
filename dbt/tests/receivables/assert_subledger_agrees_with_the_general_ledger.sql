-- A difference is the ledger's own news: it is published and listed.
{{ config(severity='warn') }}
select
    entity_key,
    control_account,
    currency,
    difference,
    difference_base
from {{ ref('ar_reconciliation') }}
where status = 'differs'
