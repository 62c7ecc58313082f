-- Grain: one row per CRM campaign, with what it cost and who answered by the as-of
-- date.
-- Cost: what was spent, else the budget (cost_basis), the latest known; in reporting
-- currency at the first day of the campaign, at the as-of date before that day.
-- has_begun: its first day is not after the as-of date; without one, something was
-- spent.
with run_context as (
    select * from {{ ref('stg_run_context') }}
),

campaigns as (
    select
        stated.*,
        coalesce(stated.actual_cost, stated.budgeted_cost) as cost,
        coalesce(
            stated.start_date <= run_context.as_of_date, stated.actual_cost is not null
        ) as has_begun,
        run_context.reporting_currency
    from {{ ref('stg_crm_campaign') }} as stated
    cross join run_context
),

rates_then as (
    select * from {{ ref('int_rates_of_days') }}
),

rates_as_of as (
    select * from {{ ref('int_fx_as_of') }}
),

members as (
    select
        campaign_key,
        count(*) as members
    from {{ ref('stg_crm_campaign_member') }}
    group by campaign_key
),

responses as (
    select
        campaign_key,
        count(*) as responses,
        count(case when responded_on is null then 1 end) as undated_responses,
        count(distinct customer_id) as responding_customers
    from {{ ref('int_campaign_responses') }}
    group by campaign_key
),

won as (
    select
        campaign_key,
        count(*) as opportunities_won,
        {{ known_sum('amount_reporting', 'amount is not null') }} as won_reporting
    from {{ ref('int_opportunities') }}
    where state = 'won'
        and campaign_key is not null
    group by campaign_key
)

select
    campaigns.campaign_key,
    campaigns.source,
    campaigns.campaign_id,
    campaigns.name as campaign_name,
    campaigns.type as campaign_type,
    campaigns.status,
    campaigns.parent_campaign_key,
    campaigns.start_date,
    campaigns.end_date,
    campaigns.has_begun,
    campaigns.cost,
    case
        when campaigns.actual_cost is not null then 'actual'
        when campaigns.budgeted_cost is not null then 'budgeted'
    end as cost_basis,
    campaigns.currency,
    case
        when campaigns.has_begun and campaigns.start_date is not null
            then {{ convert('campaigns.cost', 'rates_then.rate') }}
        else {{ convert('campaigns.cost', 'rates_as_of.rate') }}
    end as cost_reporting,
    cast(coalesce(members.members, 0) as integer) as members,
    cast(coalesce(responses.responses, 0) as integer) as responses,
    cast(coalesce(responses.undated_responses, 0) as integer) as undated_responses,
    cast(coalesce(responses.responding_customers, 0) as integer)
        as responding_customers,
    cast(coalesce(won.opportunities_won, 0) as integer) as opportunities_won,
    {{ money('case when won.campaign_key is null then 0 else won.won_reporting end') }}
        as won_reporting,
    campaigns.custom_fields
from campaigns
left join members on campaigns.campaign_key = members.campaign_key
left join responses on campaigns.campaign_key = responses.campaign_key
left join won on campaigns.campaign_key = won.campaign_key
left join rates_then
    on campaigns.currency = rates_then.from_currency
        and campaigns.reporting_currency = rates_then.to_currency
        and campaigns.start_date = rates_then.day
left join rates_as_of
    on campaigns.currency = rates_as_of.from_currency
        and campaigns.reporting_currency = rates_as_of.to_currency
