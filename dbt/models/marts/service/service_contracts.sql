-- Grain: one row per service contract of a company, at the as-of date.
-- Revenue and costs: from the start of the contract's history up to the as-of date, in
-- reporting currency at the day of the document or cost. Value: at the last rate on or
-- before the as-of date. Hours and percent say so in their name.
{%- set costs = ['labour', 'parts', 'travel'] %}

with contracts as (
    select * from {{ ref('int_service_contracts') }}
),

customers as (
    select * from {{ ref('int_customers') }}
),

records as (
    select * from {{ ref('int_customer_records') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

sales as (
    select * from {{ ref('int_contract_sales') }}
),

costs as (
    select * from {{ ref('int_contract_costs') }}
),

cases as (
    select
        contracts.contract_key,
        count(*) as cases,
        count(
            case
                when cases.opened_on < contracts.start_date
                    or cases.opened_on > contracts.end_date
                    then 1
            end
        ) as cases_out_of_cover,
        count(case when cases.is_open then 1 end) as open_cases,
        count(case when cases.is_overdue then 1 end) as overdue_cases,
        {%- for what, sla in [
            ('response', 'first_response_sla'), ('resolution', 'resolution_sla'),
        ] %}
        {%- for outcome in ['met', 'missed'] %}
        count(case when cases.{{ sla }} = '{{ outcome }}' then 1 end)
            as {{ what }}s_{{ outcome }},
        {%- endfor %}
        {%- endfor %}
        sum(cases.time_spent_minutes) as minutes_spent
    from {{ ref('int_cases') }} as cases
    inner join contracts on cases.contract_key = contracts.contract_key
    group by contracts.contract_key
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

joined as (
    select
        contracts.*,
        coalesce(sales.invoices, 0) as invoices,
        {%- for amount in ['invoiced', 'credited'] %}
        case
            when sales.contract_key is null then 0 else sales.{{ amount }}_reporting
        end as {{ amount }}_reporting,
        {%- endfor %}
        {%- for cost in costs + ['cost'] %}
        case when costs.contract_key is null then 0 else costs.{{ cost }}_reporting
        end as {{ cost }}_reporting,
        {%- endfor %}
        coalesce(costs.hours_used, 0) as hours_used,
        {%- for figure in [
            'cases', 'cases_out_of_cover', 'open_cases', 'overdue_cases',
            'responses_met', 'responses_missed', 'resolutions_met',
            'resolutions_missed',
        ] %}
        coalesce(cases.{{ figure }}, 0) as {{ figure }},
        {%- endfor %}
        cases.minutes_spent
    from contracts
    left join sales on contracts.contract_key = sales.contract_key
    left join costs on contracts.contract_key = costs.contract_key
    left join cases on contracts.contract_key = cases.contract_key
)

select
    run_context.as_of_date,
    joined.contract_key,
    joined.source,
    joined.contract_id,
    joined.customer_id,
    customers.customer_name,
    customers.group_id,
    records.owner_name,
    joined.company_key,
    joined.account_key,
    accounts.entity_key,
    joined.contract_type,
    joined.status,
    joined.state,
    joined.start_date,
    joined.end_date,
    joined.days_left,
    joined.renewal_date,
    joined.renewed_by,
    joined.is_ending_soon,
    joined.billing_frequency,
    joined.sla_policy,
    joined.value,
    joined.currency,
    joined.value_reporting,
    run_context.reporting_currency,
    cast(joined.invoices as integer) as invoices,
    {{ money('joined.invoiced_reporting') }} as invoiced_reporting,
    {{ money('joined.credited_reporting') }} as credited_reporting,
    {{ money('joined.invoiced_reporting + joined.credited_reporting') }}
        as revenue_reporting,
    {%- for cost in costs + ['cost'] %}
    {{ money('joined.' ~ cost ~ '_reporting') }} as {{ cost }}_reporting,
    {%- endfor %}
    {{ money('joined.invoiced_reporting + joined.credited_reporting
        - joined.cost_reporting') }} as margin_reporting,
    {{ qty('joined.hours_used') }} as hours_used,
    joined.included_hours,
    {{ qty('joined.included_hours - joined.hours_used') }} as hours_left,
    {{ ratio('joined.hours_used * 100', 'joined.included_hours') }} as hours_used_pct,
    cast(joined.cases as integer) as cases,
    cast(joined.cases_out_of_cover as integer) as cases_out_of_cover,
    cast(joined.open_cases as integer) as open_cases,
    cast(joined.overdue_cases as integer) as overdue_cases,
    {%- for what in ['response', 'resolution'] %}
    cast(joined.{{ what }}s_met as integer) as {{ what }}s_met,
    cast(joined.{{ what }}s_missed as integer) as {{ what }}s_missed,
    {{ met_pct('joined.' ~ what ~ 's_met', 'joined.' ~ what ~ 's_missed') }}
        as {{ what }}_met_pct,
    {%- endfor %}
    {{ hundredths('joined.minutes_spent', '60') }} as case_hours,
    joined.invoiced_reporting is null
    or joined.credited_reporting is null
    or joined.cost_reporting is null
    or joined.value_reporting is null as is_rate_missing,
    joined.custom_fields,
    run_context.is_forced
from joined
cross join run_context
inner join customers on joined.customer_id = customers.customer_id
left join records on joined.customer_id = records.customer_id
left join accounts on joined.account_key = accounts.account_key
