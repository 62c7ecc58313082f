-- Grain: one row per date that receivables are aged at: the as-of date, and every month
-- end up to it that the documents reach back to.
with documents as (
    select min(exists_from) as first_date
    from {{ ref('int_documents') }}
    where settlement in ('allocations', 'live_balance')
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

reach as (
    select
        documents.first_date,
        run_context.as_of_date
    from documents
    cross join run_context
),

month_ends as (
    {{ month_ends('first_date', 'as_of_date', 'reach') }}
),

dates as (
    select month_end as as_of_date from month_ends
    union
    select as_of_date from run_context
)

select
    dates.as_of_date,
    dates.as_of_date = run_context.as_of_date as is_current,
    dates.as_of_date = {{ month_end('dates.as_of_date') }} as is_month_end
from dates
cross join run_context
