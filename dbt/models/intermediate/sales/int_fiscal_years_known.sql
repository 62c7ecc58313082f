-- Grain: one row per ledger company and fiscal year that its source lays down.
-- A company that delivers fiscal periods has the years they show; any other one has the
-- year of the as-of date by its start month. A first delivered year of under 350 days
-- is cut off and a last one is still being opened: both count as twelve months.
-- A year is named by the calendar year it ends in; where two years of one company would
-- share a name (years of 52 and 53 weeks), its ledger's own numbers name them all.
with entities as (
    select * from {{ ref('stg_erp_entity') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

delivered as (
    select
        entity_key,
        fiscal_year,
        min(period_start) as period_start,
        max(period_end) as period_end
    from {{ ref('stg_erp_fiscal_period') }}
    group by entity_key, fiscal_year
),

neighbours as (
    select
        entity_key,
        fiscal_year,
        period_start,
        period_end,
        lag(period_start) over (
            partition by entity_key
            order by period_start
        ) as previous_start,
        lead(period_start) over (
            partition by entity_key
            order by period_start
        ) as next_start
    from delivered
),

-- Years touch each other: one ends the day before the next one starts.
years as (
    select
        entity_key,
        fiscal_year,
        case
            when previous_start is null
                and {{ days_between('period_start', 'next_start') }} < 350
                then {{ add_months('next_start', -12) }}
            else period_start
        end as year_start,
        case
            when next_start is not null then {{ add_days('next_start', -1) }}
            when {{ days_between('period_start', 'period_end') }} < 349
                then {{ add_days(add_months('period_start', 12), -1) }}
            else period_end
        end as year_end
    from neighbours
    union all
    select
        entities.entity_key,
        cast(null as integer) as fiscal_year,
        {{ add_months(
            first_day_of_year(calendar_year('run_context.as_of_date')),
            'entities.fiscal_year_start_month - 1'
        ) }} as year_start,
        {{ add_days(add_months(
            first_day_of_year(calendar_year('run_context.as_of_date')),
            'entities.fiscal_year_start_month + 11'
        ), -1) }} as year_end
    from entities
    cross join run_context
    left join delivered on entities.entity_key = delivered.entity_key
    where delivered.entity_key is null
),

named as (
    select
        *,
        {{ calendar_year('year_end') }} as ends_in,
        count(*) over (partition by entity_key, {{ calendar_year('year_end') }})
            as namesakes
    from years
)

select
    entity_key,
    case
        when max(namesakes) over (partition by entity_key) = 1 then ends_in
        else fiscal_year
    end as fiscal_year,
    year_start,
    year_end
from named
