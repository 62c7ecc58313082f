-- Grain: one row per customer with a billed account: its exposure, and the hold on it
-- or on one of its accounts, at the as-of date.
with exposures as (
    select * from {{ ref('credit_exposure') }}
    where level = 'customer'
),

holds as (
    select * from {{ ref('int_customer_holds') }}
)

select
    exposures.customer_id,
    exposures.has_receivables,
    exposures.limit_state,
    exposures.credit_limit_reporting,
    exposures.exposure_reporting,
    exposures.available_reporting,
    exposures.used_pct,
    exposures.is_over_limit,
    exposures.open_orders_reporting,
    exposures.shipped_not_invoiced_reporting,
    exposures.is_rate_missing,
    holds.customer_id is not null as is_on_hold,
    holds.hold_reasons,
    holds.held_since,
    coalesce(holds.held_accounts, 0) as held_accounts,
    holds.amount_to_release_reporting
from exposures
left join holds on exposures.customer_id = holds.customer_id
