-- Grain: one row per document x instalment (one where it has none) and period in which
-- something of it remains and that stays the same, from valid_from up to and without
-- valid_until. Amounts are effects: debit positive, credit negative.
-- Overdue from: the first day on which it is overdue; null for a credit that stands
-- apart.
with periods as (
    select * from {{ ref('int_document_periods') }}
    where residual <> 0
        or residual_base <> 0
),

parts as (
    select * from {{ ref('int_installment_balances') }}
),

planned as (
    select distinct document_key
    from {{ ref('int_installments') }}
),

documents as (
    select
        document_key,
        document_date,
        due_date
    from {{ ref('int_documents') }}
),

run_context as (
    select ageing_credits from {{ ref('stg_run_context') }}
),

items as (
    select
        periods.document_key,
        parts.part_no,
        periods.account_key,
        periods.currency,
        periods.base_currency,
        periods.valid_from,
        periods.valid_until,
        documents.document_date,
        parts.due_date,
        parts.effect,
        parts.residual,
        parts.residual_base
    from periods
    inner join parts
        on periods.document_key = parts.document_key
            and periods.valid_from = parts.as_of_date
    inner join documents on periods.document_key = documents.document_key
    where parts.residual <> 0
        or parts.residual_base <> 0
    union all
    select
        periods.document_key,
        1 as part_no,
        periods.account_key,
        periods.currency,
        periods.base_currency,
        periods.valid_from,
        periods.valid_until,
        documents.document_date,
        documents.due_date,
        periods.effect,
        periods.residual,
        periods.residual_base
    from periods
    inner join documents on periods.document_key = documents.document_key
    left join planned on periods.document_key = planned.document_key
    where planned.document_key is null
)

select
    items.document_key,
    items.part_no,
    items.account_key,
    items.currency,
    items.base_currency,
    items.valid_from,
    items.valid_until,
    items.due_date,
    items.residual,
    items.residual_base,
    case
        when not {{ is_credit_item('items') }} then {{ add_days('items.due_date', 1) }}
        when run_context.ageing_credits = 'aged'
            then {{ add_days('items.document_date', 1) }}
    end as overdue_from
from items
cross join run_context
