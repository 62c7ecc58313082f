-- Grain: one row per pair of currencies that has a rate at the as-of date.
-- The last rate on or before that date: what balances convert at.
with fx_rates as (
    select * from {{ ref('int_fx_rates') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
)

select
    fx_rates.from_currency,
    fx_rates.to_currency,
    fx_rates.rate,
    fx_rates.valid_from as rate_date,
    fx_rates.is_inverse
from fx_rates
inner join run_context
    on fx_rates.valid_from <= run_context.as_of_date
        and fx_rates.valid_until > run_context.as_of_date
