-- Grain: one row per ageing profile and bucket of age 1 and more (calendar months: age
-- 0 and more). Source: steward file. Of two sources that name one profile the first
-- counts.
-- Ages: whole days or calendar months, as `unit` says; to_age null = open-ended.
with ageing_profile as (
    select
        *,
        coalesce(unit, 'day') as age_unit,
        row_number() over (
            partition by profile
            order by source
        ) as choice
    from {{ ref('stg_ageing_profile') }}
),

edges as (
    select
        profile,
        basis,
        credits,
        age_unit,
        cast({{ split_to_rows('edges') }} as integer) as edge
    from ageing_profile
    where choice = 1
),

bounds as (
    select
        *,
        lag(edge) over (
            partition by profile
            order by edge
        ) as edge_before
    from edges
    union all
    select
        profile,
        min(basis) as basis,
        min(credits) as credits,
        min(age_unit) as age_unit,
        cast(null as integer) as edge,
        max(edge) as edge_before
    from edges
    group by profile
),

placed as (
    select
        *,
        case
            when edge_before is not null then edge_before + 1
            when age_unit = 'month' then 0
            else 1
        end as from_age
    from bounds
)

select
    profile,
    basis,
    credits,
    age_unit,
    cast(row_number() over (
        partition by profile
        order by from_age
    ) as integer) as bucket_no,
    case
        when edge is null then 'over ' || cast(edge_before as varchar)
        when edge = from_age then cast(edge as varchar)
        else cast(from_age as varchar) || '-' || cast(edge as varchar)
    end
    || ' ' || age_unit
    || case
        when coalesce(edge, edge_before) = 1 and from_age > 0 then ''
        else 's'
    end as bucket,
    cast(from_age as integer) as from_age,
    edge as to_age
from placed
