-- Grain: one row per part of an open document. Amounts are effects: debit positive.
-- What rounding leaves in base currency on a settled part is not a balance: less than a
-- cent moves on to the last part that is still open.
with parts as (
    select * from {{ ref('int_installments') }}
),

settlements as (
    select * from {{ ref('int_installment_settlements') }}
),

-- One settlement per part and moment.
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
        settlements.moment,
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
            partition by document_key, moment
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
                    + sum(rounding) over (partition by document_key, moment)
            else remaining_base - rounding
        end as open_base
    from judged
)

select
    document_key,
    min(part_no) as part_no,
    installment_no,
    due_date,
    has_rest,
    {{ money('max(direction * planned)') }} as effect,
    {{ money('max(direction * planned_base)') }} as effect_base,
    {{ money("max(case when moment = 'as_of' then direction * remaining end)") }}
        as residual,
    {{ money("max(case when moment = 'as_of' then direction * open_base end)") }}
        as residual_base,
    {{ money("max(case when moment = 'lastly' then direction * remaining end)") }}
        as remaining_later,
    {{ money("max(case when moment = 'lastly' then direction * open_base end)") }}
        as remaining_later_base
from moved
group by document_key, installment_no, due_date, has_rest
