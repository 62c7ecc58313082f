-- Grain: one row per ERP and tax code: the rate that is valid at the as-of date, of
-- several the one that became valid last.
with tax_rates as (
    select * from {{ ref('stg_erp_tax_rate') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

ranked as (
    select
        tax_rates.*,
        row_number() over (
            partition by tax_rates.source, tax_rates.tax_code
            order by tax_rates.valid_from desc
        ) as choice
    from tax_rates
    inner join run_context
        on tax_rates.valid_from <= run_context.as_of_date
            and coalesce(tax_rates.valid_to, run_context.as_of_date)
            >= run_context.as_of_date
)

select
    source,
    tax_code,
    rate as tax_pct
from ranked
where choice = 1
