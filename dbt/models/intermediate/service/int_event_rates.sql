-- Grain: one row per currency and day on which a service cost was spent, a campaign
-- began or an opportunity was closed and a rate to the reporting currency is known: the
-- last one on or before that day.
with run_context as (
    select reporting_currency from {{ ref('stg_run_context') }}
),

days as (
    select
        accounts.base_currency as currency,
        costs.cost_date as event_date
    from {{ ref('stg_erp_service_cost') }} as costs
    inner join {{ ref('int_accounts') }} as accounts
        on costs.account_key = accounts.account_key
    union
    select
        currency,
        start_date as event_date
    from {{ ref('stg_crm_campaign') }}
    union
    select
        coalesce(opportunities.currency, run_context.reporting_currency) as currency,
        opportunities.close_date as event_date
    from {{ ref('stg_crm_opportunity') }} as opportunities
    cross join run_context
)

select
    days.currency,
    days.event_date,
    fx_rates.rate
from days
cross join run_context
inner join {{ ref('int_fx_rates') }} as fx_rates
    on days.currency = fx_rates.from_currency
        and run_context.reporting_currency = fx_rates.to_currency
        and days.event_date >= fx_rates.valid_from
        and days.event_date < fx_rates.valid_until
