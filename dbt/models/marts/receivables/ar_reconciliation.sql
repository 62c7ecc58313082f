-- Grain: one row per ledger, control account and currency, at the as-of date.
-- Amounts: currency of the row, `_base` the ledger's. Sub-ledger: the open items.
with compared as (
    select * from {{ ref('int_reconciliation') }}
    where is_current
),

source_info as (
    select * from {{ ref('stg_source_info') }}
),

entity as (
    select * from {{ ref('stg_erp_entity') }}
)

select
    entity.source,
    compared.entity_key,
    entity.name as entity_name,
    compared.control_account,
    compared.currency,
    entity.base_currency,
    compared.is_all_currencies,
    compared.subledger,
    compared.general_ledger,
    {{ money('compared.subledger - compared.general_ledger') }} as difference,
    compared.subledger_base,
    compared.general_ledger_base,
    {{ money('compared.subledger_base - compared.general_ledger_base') }}
        as difference_base,
    compared.status,
    compared.as_of_date,
    run_context.is_forced
from compared
cross join {{ ref('stg_run_context') }} as run_context
inner join entity on compared.entity_key = entity.entity_key
inner join source_info
    on entity.source = source_info.source
        and source_info.settlement in ('allocations', 'live_balance')
