-- Grain: one row per service contract on which something was spent by the as-of date.
-- Amounts: reporting currency, from the ledger's base currency at the day of the cost;
-- null where one of them has no rate.
{%- set types = ['labour', 'parts', 'travel'] %}

with run_context as (
    select * from {{ ref('stg_run_context') }}
),

contracts as (
    select * from {{ ref('int_front_references') }}
    where kind = 'contract'
),

rates as (
    select * from {{ ref('int_rates_of_days') }}
),

costs as (
    select
        contracts.record_key as contract_key,
        stated.type,
        stated.hours,
        {{ convert('stated.amount', 'rates.rate') }} as amount_reporting
    from {{ ref('stg_erp_service_cost') }} as stated
    inner join run_context on stated.cost_date <= run_context.as_of_date
    inner join {{ ref('int_accounts') }} as accounts
        on stated.account_key = accounts.account_key
    inner join contracts
        on accounts.entity_key = contracts.entity_key
            and stated.contract_id = contracts.stated_id
    left join rates
        on accounts.base_currency = rates.from_currency
            and run_context.reporting_currency = rates.to_currency
            and stated.cost_date = rates.day
)

select
    contract_key,
    {%- for type in types %}
    {{ money(known_sum('amount_reporting', "type = '" ~ type ~ "'")) }}
        as {{ type }}_reporting,
    {%- endfor %}
    {{ money(known_sum('amount_reporting')) }} as cost_reporting,
    {{ qty('coalesce(sum(hours), 0)') }} as hours_used
from costs
group by contract_key
