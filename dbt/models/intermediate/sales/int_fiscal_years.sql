-- Grain: one row per ledger company and fiscal year that has begun by the as-of date.
-- Beyond the years that are known whole years go on in both directions.
-- ytd_end: the last day that counts, the as-of date in the current year.
-- prior_ytd_end: the same day of the year before (29 February falls on 28); the last
-- day of a year ends the whole year before.
with known as (
    select * from {{ ref('int_fiscal_years_known') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

spans as (
    select
        entity_key,
        min(year_start) as first_start,
        {{ add_days('max(year_end)', 1) }} as next_start,
        min(fiscal_year) as first_year,
        max(fiscal_year) as last_year
    from known
    group by entity_key
),

-- Calendar years that a fiscal year of a sale, or one beside it, may start in.
calendar_years as (
    select distinct
        sales.entity_key,
        {{ calendar_year('sales.sale_date') }} + shifts.shift as calendar_year
    from {{ ref('int_sales_documents') }} as sales
    cross join (values (-1), (0), (1)) as shifts (shift)
    union
    select
        spans.entity_key,
        {{ calendar_year('run_context.as_of_date') }} + shifts.shift as calendar_year
    from spans
    cross join run_context
    cross join (values (-1), (0)) as shifts (shift)
),

steps as (
    select
        spans.*,
        calendar_years.calendar_year - {{ calendar_year('spans.first_start') }}
            as from_first,
        calendar_years.calendar_year - {{ calendar_year('spans.next_start') }}
            as from_last
    from spans
    inner join calendar_years on spans.entity_key = calendar_years.entity_key
),

years as (
    select
        entity_key,
        fiscal_year,
        year_start,
        year_end
    from known
    union all
    select
        entity_key,
        first_year + from_first as fiscal_year,
        {{ add_months('first_start', '12 * from_first') }} as year_start,
        {{ add_days(add_months('first_start', '12 * (from_first + 1)'), -1) }}
            as year_end
    from steps
    where from_first < 0
    union all
    select
        entity_key,
        last_year + 1 + from_last as fiscal_year,
        {{ add_months('next_start', '12 * from_last') }} as year_start,
        {{ add_days(add_months('next_start', '12 * (from_last + 1)'), -1) }} as year_end
    from steps
    where from_last >= 0
),

begun as (
    select
        years.*,
        run_context.as_of_date,
        least(years.year_end, run_context.as_of_date) as ytd_end
    from years
    cross join run_context
    where years.year_start <= run_context.as_of_date
)

select
    begun.entity_key,
    cast(begun.fiscal_year as integer) as fiscal_year,
    begun.year_start,
    begun.year_end,
    begun.ytd_end,
    cast(previous.fiscal_year as integer) as prior_fiscal_year,
    case
        when begun.ytd_end = begun.year_end then previous.year_end
        when previous.year_end is not null then greatest(
            previous.year_start,
            least(previous.year_end, {{ add_months('begun.ytd_end', -12) }})
        )
    end as prior_ytd_end,
    begun.as_of_date <= begun.year_end as is_current
from begun
left join begun as previous
    on begun.entity_key = previous.entity_key
        and previous.year_end = {{ add_days('begun.year_start', -1) }}
