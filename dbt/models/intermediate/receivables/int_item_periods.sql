-- Grain: one row per document x instalment (one where it has none) and period in which
-- something of it remains and that stays the same, from valid_from up to and without
-- valid_until: in document currency or, as a difference of rates, in base currency
-- alone. Amounts are effects: debit positive, credit negative.
-- Where a document was paid and credited, each instalment was in the same proportion.
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
        posting_date,
        due_date,
        load_date
    from {{ ref('int_documents') }}
),

run_context as (
    select ageing_credits from {{ ref('stg_run_context') }}
),

items as (
    select
        periods.document_key,
        parts.part_no,
        parts.installment_no,
        parts.has_rest as is_plan_different,
        periods.account_key,
        periods.currency,
        periods.base_currency,
        documents.document_date,
        documents.posting_date,
        parts.due_date,
        periods.valid_from,
        periods.valid_until,
        parts.effect,
        parts.effect_base,
        parts.residual,
        parts.residual_base,
        case
            when periods.paid is null then null
            when periods.effect - periods.residual = periods.paid
                then parts.effect - parts.residual
            else {{ convert('parts.effect - parts.residual', ratio(
                'periods.paid', 'periods.effect - periods.residual'
            )) }}
        end as paid,
        periods.is_live_balance,
        documents.load_date
    from periods
    inner join parts
        on periods.document_key = parts.document_key
            and periods.valid_from = parts.valid_from
    inner join documents on periods.document_key = documents.document_key
    where parts.residual <> 0
        or parts.residual_base <> 0
    union all
    select
        periods.document_key,
        1 as part_no,
        cast(null as integer) as installment_no,
        false as is_plan_different,
        periods.account_key,
        periods.currency,
        periods.base_currency,
        documents.document_date,
        documents.posting_date,
        documents.due_date,
        periods.valid_from,
        periods.valid_until,
        periods.effect,
        periods.effect_base,
        periods.residual,
        periods.residual_base,
        periods.paid,
        periods.is_live_balance,
        documents.load_date
    from periods
    inner join documents on periods.document_key = documents.document_key
    left join planned on periods.document_key = planned.document_key
    where planned.document_key is null
)

select
    items.document_key,
    items.part_no,
    items.installment_no,
    items.is_plan_different,
    items.account_key,
    items.currency,
    items.base_currency,
    items.document_date,
    items.posting_date,
    items.due_date,
    items.valid_from,
    items.valid_until,
    items.effect,
    items.effect_base,
    items.residual,
    items.residual_base,
    {{ money('items.paid') }} as paid,
    items.is_live_balance,
    case when items.is_live_balance then items.load_date end as live_balance_date,
    case
        when not {{ is_credit_item('items') }} then {{ add_days('items.due_date', 1) }}
        when run_context.ageing_credits = 'aged'
            then {{ add_days('items.document_date', 1) }}
    end as overdue_from
from items
cross join run_context
