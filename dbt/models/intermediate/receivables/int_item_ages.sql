-- Grain: one row per open item and date of int_ageing_dates.
-- Days overdue: as_of_date - due_date; due today = 0 = not overdue. The buckets follow
-- the configured basis; overdue follows the due date whatever the basis is.
-- Credits stand apart, or, where configured so, are aged by their own document date. A
-- difference of rates alone stays where its document stood; an overpaid debit is a
-- credit.
with open_items as (
    select * from {{ ref('int_open_items') }}
),

run_context as (
    select
        ageing_basis,
        ageing_credits
    from {{ ref('stg_run_context') }}
),

aged as (
    select
        open_items.open_item_key,
        open_items.as_of_date,
        {{ is_credit_item('open_items') }} as is_credit,
        run_context.ageing_credits = 'aged' as credits_are_aged,
        {{ days_between('open_items.due_date', 'open_items.as_of_date') }}
            as days_from_due,
        {{ days_between('open_items.document_date', 'open_items.as_of_date') }}
            as days_from_document,
        {{ days_between(
            basis_date('run_context.ageing_basis', 'open_items'),
            'open_items.as_of_date'
        ) }} as days_from_basis
    from open_items
    cross join run_context
),

placed as (
    select
        open_item_key,
        as_of_date,
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
    as_of_date,
    is_credit,
    days_overdue,
    ageing_days,
    case
        when ageing_days is null then 'unallocated_credit'
        else {{ ageing_bucket('ageing_days') }}
    end as bucket,
    coalesce(days_overdue > 0, false) as is_overdue
from placed
