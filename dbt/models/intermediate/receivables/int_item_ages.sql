-- Grain: one row per open item.
-- Days overdue: as_of_date - due_date; due today = 0 = not overdue. The buckets follow
-- the configured basis; overdue follows the due date whatever the basis is.
-- Credits stand apart, or, where configured so, are aged by their own document date. A
-- difference of rates alone stays where its document stood; an overpaid debit is a
-- credit.
with open_items as (
    select * from {{ ref('int_open_items') }}
),

documents as (
    select
        document_key,
        document_date,
        posting_date
    from {{ ref('int_document_balances') }}
),

run_context as (
    select
        as_of_date,
        ageing_basis,
        ageing_credits
    from {{ ref('stg_run_context') }}
),

aged as (
    select
        open_items.open_item_key,
        case
            when open_items.residual <> 0 then open_items.residual < 0
            when open_items.effect <> 0 then open_items.effect < 0
            else open_items.residual_base < 0
        end as is_credit,
        run_context.ageing_credits = 'aged' as credits_are_aged,
        {{ days_between('open_items.due_date', 'run_context.as_of_date') }}
            as days_from_due,
        {{ days_between('documents.document_date', 'run_context.as_of_date') }}
            as days_from_document,
        case run_context.ageing_basis
            when 'due_date'
                then {{ days_between('open_items.due_date', 'run_context.as_of_date') }}
            when 'document_date'
                then {{ days_between(
                    'documents.document_date', 'run_context.as_of_date'
                ) }}
            when 'posting_date'
                then {{ days_between(
                    'documents.posting_date', 'run_context.as_of_date'
                ) }}
        end as days_from_basis
    from open_items
    inner join documents on open_items.document_key = documents.document_key
    cross join run_context
),

placed as (
    select
        open_item_key,
        is_credit,
        case
            when not is_credit then days_from_due
            when credits_are_aged then days_from_document
        end as days_overdue,
        case
            when not is_credit then days_from_basis
            when credits_are_aged then days_from_document
        end as ageing_days
    from aged
)

select
    open_item_key,
    is_credit,
    days_overdue,
    ageing_days,
    case
        when ageing_days is null then 'unallocated_credit'
        else {{ ageing_bucket('ageing_days') }}
    end as bucket,
    coalesce(days_overdue > 0, false) as is_overdue
from placed
