-- Grain: one row per customer with a billed account: its exposure, and the hold on it
-- or on one of its accounts, at the as-of date.
with exposures as (
    select * from {{ ref('credit_exposure') }}
    where level = 'customer'
),

holds as (
    select * from {{ ref('credit_hold') }}
),

customer_holds as (
    select * from holds
    where level = 'customer'
),

account_holds as (
    select
        customer_id,
        count(*) as held_accounts,
        min(held_since) as held_since,
        {{ joined_text("account_key || ': ' || reasons", 'account_key') }} as reasons
    from holds
    where level = 'account'
    group by customer_id
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
    customer_holds.id is not null
    or account_holds.customer_id is not null as is_on_hold,
    coalesce(customer_holds.reasons, account_holds.reasons) as hold_reasons,
    case when customer_holds.id is not null then customer_holds.held_since
        else account_holds.held_since end as held_since,
    cast(coalesce(account_holds.held_accounts, 0) as integer) as held_accounts,
    customer_holds.amount_to_release_reporting
from exposures
left join customer_holds on exposures.customer_id = customer_holds.customer_id
left join account_holds on exposures.customer_id = account_holds.customer_id
