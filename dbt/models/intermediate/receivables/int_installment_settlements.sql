-- Grain: one row per part of an open document and moment: `as_of`, and `lastly` (as far
-- as is known today). Amounts without sign.
-- An allocation that names an instalment settles that one, up to its amount; all the
-- rest settles the earliest parts first, and what exceeds them all stands on the last.
with parts as (
    select * from {{ ref('int_installments') }}
),

balances as (
    select * from {{ ref('int_document_balances') }}
),

allocations as (
    select * from {{ ref('int_allocations') }}
),

moments as (
    select
        document_key,
        'as_of' as moment,
        effect - residual as settled,
        effect_base - residual_base as settled_base
    from balances
    union all
    select
        document_key,
        'lastly' as moment,
        effect - remaining_later as settled,
        effect_base - remaining_later_base as settled_base
    from balances
),

named as (
    select
        debit_document_key as document_key,
        installment_no,
        'as_of' as moment,
        sum(amount) as settled
    from allocations
    where installment_no is not null
        and is_in_effect
    group by debit_document_key, installment_no
    union all
    select
        debit_document_key as document_key,
        installment_no,
        'lastly' as moment,
        sum(amount) as settled
    from allocations
    where installment_no is not null
        and is_in_effect_lastly
    group by debit_document_key, installment_no
),

-- One row per part and moment: at most one sum of allocations names it.
started as (
    select
        parts.document_key,
        parts.part_no,
        parts.is_last_part,
        parts.planned,
        moments.moment,
        parts.direction * moments.settled as settled,
        parts.direction * moments.settled_base as settled_base,
        least(parts.direction * coalesce(named.settled, 0), parts.planned)
            as settled_by_name
    from parts
    inner join moments on parts.document_key = moments.document_key
    left join named
        on parts.document_key = named.document_key
            and parts.installment_no = named.installment_no
            and moments.moment = named.moment
),

pooled as (
    select
        *,
        settled - sum(settled_by_name) over (partition by document_key, moment) as pool,
        coalesce(
            sum(planned - settled_by_name) over (
                partition by document_key, moment
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
                then pool - sum(settled_by_age) over (partition by document_key, moment)
            else 0
        end as applied
    from filled
),

running as (
    select
        *,
        sum(applied) over (
            partition by document_key, moment
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
    moment,
    {{ money('applied') }} as applied,
    {{ money("""base_through - coalesce(lag(base_through) over (
        partition by document_key, moment
        order by part_no
    ), 0)""") }} as applied_base
from based
