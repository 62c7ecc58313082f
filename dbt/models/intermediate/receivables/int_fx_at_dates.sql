-- Grain: one row per date of int_ageing_dates and pair of currencies that has a rate
-- then: the last one on or before that date, which is what balances convert at.
with fx_rates as (
    select * from {{ ref('int_fx_rates') }}
),

dates as (
    select * from {{ ref('int_ageing_dates') }}
)

select
    dates.as_of_date,
    dates.is_current,
    fx_rates.from_currency,
    fx_rates.to_currency,
    fx_rates.rate,
    fx_rates.valid_from as rate_date,
    fx_rates.is_inverse
from fx_rates
inner join dates
    on fx_rates.valid_from <= dates.as_of_date
        and fx_rates.valid_until > dates.as_of_date
