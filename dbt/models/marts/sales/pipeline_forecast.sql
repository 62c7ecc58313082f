-- Grain: one row per CRM user, close month and stage (row_type opportunities), and one
-- per CRM user and month in which customers of that user bought (row_type invoiced), so
-- that every amount may be added up over any rows.
-- Amounts: reporting currency. Open ones at the last rate on or before the as-of date,
-- won and lost ones at the day they were closed, sales at the document date.
with opportunities as (
    select
        *,
        {{ month_start('close_date') }} as close_month
    from {{ ref('int_opportunities') }}
),

probabilities as (
    select * from {{ ref('int_stage_probabilities') }}
),

users as (
    select
        {{ key_of('user_id') }} as owner_key,
        name as owner_name
    from {{ ref('stg_crm_user') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

weighted as (
    select
        opportunities.*,
        probabilities.probability,
        probabilities.probability_basis,
        {{ convert('opportunities.amount_reporting', 'probabilities.probability') }}
            as weighted_reporting
    from opportunities
    left join probabilities
        on opportunities.state = 'open'
            and opportunities.source = probabilities.source
            and coalesce(opportunities.stage, '') = coalesce(probabilities.stage, '')
),

sold as (
    select
        records.owner_key,
        {{ month_start('sales.sale_date') }} as close_month,
        {{ known_sum('sales.net_reporting') }} as invoiced,
        bool_or(sales.is_rate_missing) as is_rate_missing
    from {{ ref('int_sales_documents') }} as sales
    inner join {{ ref('int_customer_records') }} as records
        on sales.customer_id = records.customer_id
    group by records.owner_key, {{ month_start('sales.sale_date') }}
),

forecast as (
    select
        'opportunities' as row_type,
        source,
        owner_key,
        close_month,
        stage,
        max(probability) as probability,
        max(probability_basis) as probability_basis,
        {%- for state in ['open', 'won', 'lost'] %}
        count(case when state = '{{ state }}' then 1 end)
            as {{ state }}_opportunities,
        {{ known_sum(
            'amount_reporting', "state = '" ~ state ~ "' and amount is not null"
        ) }} as {{ state }},
        {%- endfor %}
        {{ known_sum('weighted_reporting', "state = 'open' and amount is not null") }}
            as weighted,
        count(case when is_overdue then 1 end) as overdue_opportunities,
        {{ known_sum('amount_reporting', 'is_overdue and amount is not null') }}
            as overdue,
        count(case when amount is null then 1 end) as unestimated_opportunities,
        0 as invoiced,
        bool_or(amount is not null and amount_reporting is null) as is_rate_missing
    from weighted
    group by source, owner_key, close_month, stage
    union all
    select
        'invoiced' as row_type,
        cast(null as varchar) as source,
        owner_key,
        close_month,
        cast(null as varchar) as stage,
        cast(null as decimal(18, 8)) as probability,
        cast(null as varchar) as probability_basis,
        {%- for state in ['open', 'won', 'lost'] %}
        0 as {{ state }}_opportunities,
        0 as {{ state }},
        {%- endfor %}
        0 as weighted,
        0 as overdue_opportunities,
        0 as overdue,
        0 as unestimated_opportunities,
        invoiced,
        is_rate_missing
    from sold
)

select
    run_context.as_of_date,
    forecast.row_type,
    forecast.source,
    forecast.owner_key,
    users.owner_name,
    forecast.close_month,
    coalesce(forecast.close_month < {{ month_start('run_context.as_of_date') }}, false)
        as is_past_month,
    forecast.stage,
    {{ rate('forecast.probability') }} as probability,
    forecast.probability_basis,
    run_context.reporting_currency,
    {%- for state in ['open', 'won', 'lost'] %}
    cast(forecast.{{ state }}_opportunities as integer) as {{ state }}_opportunities,
    {{ money('forecast.' ~ state) }} as {{ state }}_reporting,
    {%- endfor %}
    {{ money('forecast.weighted') }} as weighted_reporting,
    cast(forecast.overdue_opportunities as integer) as overdue_opportunities,
    {{ money('forecast.overdue') }} as overdue_reporting,
    cast(forecast.unestimated_opportunities as integer) as unestimated_opportunities,
    {{ money('forecast.invoiced') }} as invoiced_reporting,
    forecast.is_rate_missing,
    run_context.is_forced
from forecast
cross join run_context
left join users on forecast.owner_key = users.owner_key
