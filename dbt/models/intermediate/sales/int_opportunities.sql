-- Grain: one row per CRM opportunity that was known by the as-of date, as it stood
-- then.
-- state: open, won or lost; what was closed later was open. Its stage bears no day:
-- that of an opportunity which was closed since is not known, others are the latest
-- known.
-- Amounts: reporting currency, of an open one at the last rate on or before the as-of
-- date, of a closed one at the day it was closed; null = none is stated, or no rate.
with run_context as (
    select * from {{ ref('stg_run_context') }}
),

companies as (
    select * from {{ ref('int_company_customer') }}
),

stated as (
    select
        opportunities.*,
        coalesce(opportunities.currency, run_context.reporting_currency)
            as amount_currency,
        opportunities.is_closed or opportunities.is_won as is_closed_today,
        (opportunities.is_closed or opportunities.is_won)
        and coalesce(opportunities.close_date <= run_context.as_of_date, true)
            as is_closed_then,
        run_context.as_of_date,
        run_context.reporting_currency
    from {{ ref('stg_crm_opportunity') }} as opportunities
    cross join run_context
    where coalesce(
        cast(opportunities.created_at as date) <= run_context.as_of_date, true
    )
),

rates_as_of as (
    select * from {{ ref('int_fx_as_of') }}
),

rates_then as (
    select * from {{ ref('int_rates_of_days') }}
)

select
    stated.opportunity_key,
    stated.source,
    stated.opportunity_id,
    stated.name as opportunity_name,
    companies.customer_id,
    stated.campaign_key,
    {{ key_of('stated.owner_user_id', 'stated.source') }} as owner_key,
    case
        when not stated.is_closed_then then 'open'
        when stated.is_won then 'won'
        else 'lost'
    end as state,
    case when stated.is_closed_then = stated.is_closed_today then stated.stage
    end as stage,
    stated.close_date,
    not stated.is_closed_then
    and coalesce(stated.close_date < stated.as_of_date, false) as is_overdue,
    cast(stated.created_at as date) as created_on,
    stated.amount,
    stated.amount_currency as currency,
    case
        when stated.is_closed_then and stated.close_date is not null
            then {{ convert('stated.amount', 'rates_then.rate') }}
        else {{ convert('stated.amount', 'rates_as_of.rate') }}
    end as amount_reporting
from stated
left join companies on stated.company_key = companies.company_key
left join rates_as_of
    on stated.amount_currency = rates_as_of.from_currency
        and stated.reporting_currency = rates_as_of.to_currency
left join rates_then
    on stated.amount_currency = rates_then.from_currency
        and stated.reporting_currency = rates_then.to_currency
        and stated.close_date = rates_then.day
