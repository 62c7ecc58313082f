-- Grain: one row per pair of currencies that has a rate at the as-of date.
-- The last rate on or before that date: what balances convert at.
select
    from_currency,
    to_currency,
    rate,
    rate_date,
    is_inverse
from {{ ref('int_fx_at_dates') }}
where is_current
