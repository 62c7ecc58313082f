-- Grain: one row per part of a document and period in which the document is open.
-- Amounts are effects: debit positive.
-- What rounding leaves in base currency on a settled part is not a balance: less than a
-- cent moves on to the last part that is still open.
with parts as (
    select * from {{ ref('int_installments') }}
),

settlements as (
    select * from {{ ref('int_installment_settlements') }}
),

-- One settlement per part and period.
remaining as (
    select
        parts.document_key,
        parts.part_no,
        parts.installment_no,
        parts.due_date,
        parts.direction,
        parts.planned,
        parts.planned_base,
        parts.has_rest,
        settlements.valid_from,
        parts.planned - settlements.applied as remaining,
        parts.planned_base - settlements.applied_base as remaining_base
    from parts
    inner join settlements
        on parts.document_key = settlements.document_key
            and parts.part_no = settlements.part_no
),

judged as (
    select
        *,
        case
            when remaining = 0 and abs(remaining_base) < 0.01 then remaining_base
            else 0
        end as rounding,
        max(case when remaining <> 0 then part_no end) over (
            partition by document_key, valid_from
        ) as last_open_part
    from remaining
),

moved as (
    select
        *,
        case
            when last_open_part is null then remaining_base
            when part_no = last_open_part
                then remaining_base
                    + sum(rounding) over (partition by document_key, valid_from)
            else remaining_base - rounding
        end as open_base
    from judged
)

select
    document_key,
    part_no,
    installment_no,
    due_date,
    has_rest,
    valid_from,
    {{ money('direction * planned') }} as effect,
    {{ money('direction * planned_base') }} as effect_base,
    {{ money('direction * remaining') }} as residual,
    {{ money('direction * open_base') }} as residual_base
from moved
