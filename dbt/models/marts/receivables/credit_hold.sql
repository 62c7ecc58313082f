-- Grain: one row per level (account, customer) and id that is held at the as-of date.
-- Amounts: `currency` (the one its exposure is compared in), `_reporting` the
-- company's.
with holds as (
    select * from {{ ref('int_subject_holds') }}
    where is_held
),

exposures as (
    select * from {{ ref('credit_exposure') }}
),

overdue as (
    select * from {{ ref('int_subject_ageing') }}
),

account_limits as (
    select
        account_key,
        next_review
    from {{ ref('int_account_limits') }}
),

accounts as (
    select
        account_key,
        status
    from {{ ref('int_billed_accounts') }}
),

stopped as (
    select * from {{ ref('int_stopped_orders') }}
),

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
)

select
    holds.level,
    holds.id,
    exposures.name,
    exposures.account_key,
    exposures.customer_id,
    exposures.group_id,
    holds.leading_reason,
    holds.leading_level,
    holds.reasons,
    holds.reason_count,
    holds.warnings,
    holds.held_since,
    holds.manual_reason,
    holds.manual_set_by,
    holds.manual_until,
    exposures.currency,
    exposures.reporting_currency,
    exposures.exposure,
    exposures.exposure_reporting,
    exposures.limit_state,
    exposures.credit_limit,
    case
        when exposures.is_over_limit
            then {{ money('exposures.exposure - exposures.credit_limit') }}
        else 0
    end as over_limit_by,
    exposures.valid_to as limit_valid_to,
    account_limits.next_review,
    accounts.status,
    coalesce(overdue.oldest_days, 0) as oldest_days,
    {{ zero_if_absent('overdue.id', 'overdue.overdue') }} as overdue,
    {{ zero_if_absent('overdue.id', 'overdue.overdue_reporting') }}
        as overdue_reporting,
    holds.amount_to_release,
    {{ convert('holds.amount_to_release', 'fx_as_of.rate') }}
        as amount_to_release_reporting,
    coalesce(stopped.stopped_orders, 0) as stopped_orders,
    stopped.stopped_order_numbers,
    holds.stops_prepaid_orders,
    holds.stops_invoicing,
    {{ zero_if_absent('stopped.id', 'stopped.stopped_value') }} as stopped_value,
    {{ zero_if_absent('stopped.id', 'stopped.stopped_value_reporting') }}
        as stopped_value_reporting,
    exposures.is_rate_missing,
    exposures.as_of_date,
    exposures.is_forced
from holds
inner join exposures
    on holds.level = exposures.level
        and holds.id = exposures.id
left join overdue
    on holds.level = overdue.level
        and holds.id = overdue.id
left join account_limits on exposures.account_key = account_limits.account_key
left join accounts on exposures.account_key = accounts.account_key
left join stopped
    on holds.level = stopped.level
        and holds.id = stopped.id
left join fx_as_of
    on exposures.currency = fx_as_of.from_currency
        and exposures.reporting_currency = fx_as_of.to_currency
