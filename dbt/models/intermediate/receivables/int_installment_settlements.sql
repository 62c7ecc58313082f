-- Grain: one row per part of a document and period in which the document is open.
-- Amounts without sign.
-- An allocation that names an instalment settles that one, up to its amount; all the
-- rest settles the earliest parts first, and what exceeds them all stands on the last.
with parts as (
    select * from {{ ref('int_installments') }}
),

planned as (
    select distinct document_key
    from parts
),

open_periods as (
    select
        periods.document_key,
        periods.valid_from,
        periods.effect - periods.residual as settled,
        periods.effect_base - periods.residual_base as settled_base
    from {{ ref('int_document_periods') }} as periods
    inner join planned on periods.document_key = planned.document_key
    where periods.residual <> 0
        or periods.residual_base <> 0
),

-- What is in effect on the first day of a period is in effect on all of it.
named as (
    select
        open_periods.document_key,
        open_periods.valid_from,
        allocations.installment_no,
        sum(allocations.amount) as settled
    from open_periods
    inner join {{ ref('int_allocations') }} as allocations
        on open_periods.document_key = allocations.debit_document_key
            and open_periods.valid_from >= allocations.effective_from
            and open_periods.valid_from < allocations.effective_until
    where allocations.installment_no is not null
    group by
        open_periods.document_key,
        open_periods.valid_from,
        allocations.installment_no
),

-- One row per part and period: at most one sum of allocations names it.
started as (
    select
        parts.document_key,
        parts.part_no,
        parts.is_last_part,
        parts.planned,
        open_periods.valid_from,
        parts.direction * open_periods.settled as settled,
        parts.direction * open_periods.settled_base as settled_base,
        least(parts.direction * coalesce(named.settled, 0), parts.planned)
            as settled_by_name
    from parts
    inner join open_periods on parts.document_key = open_periods.document_key
    left join named
        on parts.document_key = named.document_key
            and parts.installment_no = named.installment_no
            and open_periods.valid_from = named.valid_from
),

pooled as (
    select
        *,
        settled
        - sum(settled_by_name) over (partition by document_key, valid_from) as pool,
        coalesce(
            sum(planned - settled_by_name) over (
                partition by document_key, valid_from
                order by part_no
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as room_before
    from started
),

filled as (
    select
        *,
        greatest(least(planned - settled_by_name, pool - room_before), 0)
            as settled_by_age
    from pooled
),

summed as (
    select
        *,
        settled_by_name + settled_by_age + case
            when is_last_part
                then pool
                    - sum(settled_by_age) over (partition by document_key, valid_from)
            else 0
        end as applied
    from filled
),

running as (
    select
        *,
        sum(applied) over (
            partition by document_key, valid_from
            order by part_no
            rows between unbounded preceding and current row
        ) as applied_through
    from summed
),

-- The base amounts follow at one rate, the last part closing the sum.
based as (
    select
        *,
        case
            when is_last_part or (applied_through = settled and settled <> 0)
                then settled_base
            when settled = 0 then 0
            else {{ convert('applied_through', ratio('settled_base', 'settled')) }}
        end as base_through
    from running
)

select
    document_key,
    part_no,
    valid_from,
    {{ money('applied') }} as applied,
    {{ money("""base_through - coalesce(lag(base_through) over (
        partition by document_key, valid_from
        order by part_no
    ), 0)""") }} as applied_base
from based
