-- One run, one row: mart_info neither loses the run nor shows it twice.
with published as (
    select count(*) as rows_found
    from {{ ref('mart_info') }}
),

runs as (
    select count(*) as rows_found
    from {{ ref('stg_run_context') }}
)

select
    published.rows_found,
    runs.rows_found as runs
from published
cross join runs
where published.rows_found <> runs.rows_found
    or published.rows_found > 1
