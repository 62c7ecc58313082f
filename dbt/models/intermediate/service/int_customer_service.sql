-- Grain: one row per customer with a service contract or a case, at the as-of date.
-- Amounts: reporting currency; null where a part has no rate. Contracts in force are
-- those in cover; the margin is of all contracts, lapsed ones too. Answers and
-- solutions in time: of the cases raised in the 365 days up to the date.
with run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

contracts as (
    select
        customer_id,
        count(case when state = 'in_cover' then 1 end) as contracts_in_force,
        count(case when is_ending_soon then 1 end) as contracts_ending_soon,
        {{ known_sum('value_reporting', "state = 'in_cover'") }} as contracts_reporting,
        min(case when state = 'in_cover' then end_date end) as next_contract_end,
        {{ known_sum('margin_reporting') }} as service_margin_reporting
    from {{ ref('service_contracts') }}
    group by customer_id
),

stated_cases as (
    select
        cases.*,
        {{ days_between('cases.opened_on', 'run_context.as_of_date') }} < 365
            as is_recent
    from {{ ref('int_cases') }} as cases
    cross join run_context
    where cases.customer_id is not null
),

cases as (
    select
        customer_id,
        count(case when is_open then 1 end) as open_cases,
        min(case when is_open then opened_on end) as oldest_case_opened_on,
        count(case when is_overdue then 1 end) as overdue_cases,
        {%- for what, sla in [
            ('responses', 'first_response_sla'), ('resolutions', 'resolution_sla'),
        ] %}
        {%- for outcome in ['met', 'missed'] %}
        count(case when is_recent and {{ sla }} = '{{ outcome }}' then 1 end)
            as {{ what }}_{{ outcome }}{{ ',' if not loop.last }}
        {%- endfor %}{{ ',' if not loop.last }}
        {%- endfor %}
    from stated_cases
    group by customer_id
)

select
    coalesce(contracts.customer_id, cases.customer_id) as customer_id,
    cast(coalesce(cases.open_cases, 0) as integer) as open_cases,
    cases.oldest_case_opened_on,
    cast(coalesce(cases.overdue_cases, 0) as integer) as overdue_cases,
    {{ met_pct('cases.responses_met', 'cases.responses_missed') }} as response_met_pct,
    {{ met_pct('cases.resolutions_met', 'cases.resolutions_missed') }}
        as resolution_met_pct,
    cast(coalesce(contracts.contracts_in_force, 0) as integer) as contracts_in_force,
    cast(coalesce(contracts.contracts_ending_soon, 0) as integer)
        as contracts_ending_soon,
    {{ zero_unless('contracts', 'contracts.contracts_reporting') }}
        as contracts_reporting,
    contracts.next_contract_end,
    {{ zero_unless('contracts', 'contracts.service_margin_reporting') }}
        as service_margin_reporting
from contracts
full outer join cases on contracts.customer_id = cases.customer_id
