-- Grain: one row per service contract, case or opportunity that needs a person, and
-- kind.
-- Amounts: of a contract its value, of a case that of its contract, of an opportunity
-- the expected value, each in its own currency.
with run_context as (
    select * from {{ ref('stg_run_context') }}
),

contracts as (
    select
        *,
        least(end_date, renewal_date) as act_by,
        coalesce(owner_name, 'service') as person
    from {{ ref('service_contracts') }}
),

ending as (
    select
        contracts.*,
        'service contract ' || contracts.contract_id || ' of '
        || contracts.customer_name || ' ends on ' || cast(contracts.end_date as varchar)
        || case
            when contracts.renewal_date < contracts.end_date
                then ', to be renewed by ' || cast(contracts.renewal_date as varchar)
            else ''
        end as what,
        {{ add_days('contracts.act_by', '-run_context.ending_soon_days') }} as since
    from contracts
    cross join run_context
    where contracts.is_ending_soon
),

-- As long after its end as it was about to end before.
lapsed as (
    select
        contracts.*,
        'service contract ' || contracts.contract_id || ' of '
        || contracts.customer_name || ' ended on '
        || cast(contracts.end_date as varchar) || ', and nothing took over from it'
            as what
    from contracts
    cross join run_context
    where contracts.state = 'lapsed'
        and contracts.renewed_by is null
        and -contracts.days_left <= run_context.ending_soon_days
),

customers as (
    select
        customers.customer_id,
        customers.customer_name,
        records.owner_name
    from {{ ref('int_customers') }} as customers
    left join {{ ref('int_customer_records') }} as records
        on customers.customer_id = records.customer_id
),

cases as (
    select
        cases.*,
        contracts.value,
        contracts.currency,
        'case ' || cases.case_id || coalesce(' of ' || customers.customer_name, '')
        || ' is open and past due since ' || cast(cases.overdue_on as varchar)
        || coalesce(', priority ' || cases.priority, '') as what
    from {{ ref('int_cases') }} as cases
    left join contracts on cases.contract_key = contracts.contract_key
    left join customers on cases.customer_id = customers.customer_id
    where cases.is_overdue
),

users as (
    select
        {{ key_of('user_id') }} as owner_key,
        name as owner_name
    from {{ ref('stg_crm_user') }}
),

opportunities as (
    select
        opportunities.*,
        coalesce(users.owner_name, 'sales') as person,
        'opportunity ' || opportunities.opportunity_name
        || coalesce(' of ' || customers.customer_name, '') || ' was expected on '
        || cast(opportunities.close_date as varchar)
        || coalesce(' and is ' || opportunities.stage, '') as what
    from {{ ref('int_opportunities') }} as opportunities
    left join users on opportunities.owner_key = users.owner_key
    left join customers on opportunities.customer_id = customers.customer_id
    where opportunities.is_overdue
)

{{ exception_rows('ending', 'contract_ending_soon', 'contract_key', 'what', 'since',
    'value', 'currency', 'person', 'service_contracts') }}
union all
{{ exception_rows('lapsed', 'contract_lapsed', 'contract_key', 'what',
    add_days('end_date', 1), 'value', 'currency', 'person', 'service_contracts') }}
union all
{{ exception_rows('cases', 'case_overdue', 'case_key', 'what', 'overdue_on', 'value',
    'currency', "'service'", 'crm_case') }}
union all
{{ exception_rows('opportunities', 'opportunity_overdue', 'opportunity_key', 'what',
    add_days('close_date', 1), 'amount', 'currency', 'person', 'pipeline_forecast') }}
