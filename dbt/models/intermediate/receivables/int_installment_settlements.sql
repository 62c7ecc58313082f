-- Grain: one row per part of a document and date at which the document is open (the
-- dates of int_ageing_dates, and every first day of one of its periods), and, of those
-- open at the as-of date, once more as far as is known today: the last day ever.
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

-- The last day ever belongs to no period: every balance that ends with it is the last.
settled_at as (
    select
        open_documents.document_key,
        open_documents.as_of_date,
        open_documents.as_of_date as looked_at,
        open_documents.effect - open_documents.residual as settled,
        open_documents.effect_base - open_documents.residual_base as settled_base
    from {{ ref('int_open_documents') }} as open_documents
    inner join planned on open_documents.document_key = planned.document_key
    union
    select
        periods.document_key,
        periods.valid_from as as_of_date,
        periods.valid_from as looked_at,
        periods.effect - periods.residual as settled,
        periods.effect_base - periods.residual_base as settled_base
    from {{ ref('int_document_periods') }} as periods
    inner join planned on periods.document_key = planned.document_key
    where periods.residual <> 0
        or periods.residual_base <> 0
    union all
    select
        balances.document_key,
        {{ last_day_ever() }} as as_of_date,
        {{ add_days(last_day_ever(), '-1') }} as looked_at,
        balances.effect - balances.remaining_later as settled,
        balances.effect_base - balances.remaining_later_base as settled_base
    from {{ ref('int_document_balances') }} as balances
    inner join planned on balances.document_key = planned.document_key
    where balances.residual <> 0
        or balances.residual_base <> 0
),

named as (
    select
        settled_at.document_key,
        settled_at.as_of_date,
        allocations.installment_no,
        sum(allocations.amount) as settled
    from settled_at
    inner join {{ ref('int_allocations') }} as allocations
        on settled_at.document_key = allocations.debit_document_key
            and settled_at.looked_at >= allocations.effective_from
            and settled_at.looked_at < allocations.effective_until
    where allocations.installment_no is not null
    group by
        settled_at.document_key,
        settled_at.as_of_date,
        allocations.installment_no
),

-- One row per part and date: at most one sum of allocations names it.
started as (
    select
        parts.document_key,
        parts.part_no,
        parts.is_last_part,
        parts.planned,
        settled_at.as_of_date,
        parts.direction * settled_at.settled as settled,
        parts.direction * settled_at.settled_base as settled_base,
        least(parts.direction * coalesce(named.settled, 0), parts.planned)
            as settled_by_name
    from parts
    inner join settled_at on parts.document_key = settled_at.document_key
    left join named
        on parts.document_key = named.document_key
            and parts.installment_no = named.installment_no
            and settled_at.as_of_date = named.as_of_date
),

pooled as (
    select
        *,
        settled
        - sum(settled_by_name) over (partition by document_key, as_of_date) as pool,
        coalesce(
            sum(planned - settled_by_name) over (
                partition by document_key, as_of_date
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
                    - sum(settled_by_age) over (partition by document_key, as_of_date)
            else 0
        end as applied
    from filled
),

running as (
    select
        *,
        sum(applied) over (
            partition by document_key, as_of_date
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
    as_of_date,
    {{ money('applied') }} as applied,
    {{ money("""base_through - coalesce(lag(base_through) over (
        partition by document_key, as_of_date
        order by part_no
    ), 0)""") }} as applied_base
from based
