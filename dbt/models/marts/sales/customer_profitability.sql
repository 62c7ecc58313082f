-- Grain: one row per customer, ledger company and month in which it was invoiced,
-- credited or cost anything.
-- Amounts: reporting currency, at the day of each fact; null where one of them has no
-- rate. Cost of goods and margin are of the sales that state a cost, costed_sales.
with parts as (
    select
        *,
        {{ month_start('term_date') }} as month
    from {{ ref('int_profit_parts') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

summed as (
    select
        customer_id,
        entity_key,
        month,
        {{ known_sum('amount_reporting', "term = 'net_sales'") }} as net_sales,
        count(case when term = 'margin' then 1 end) > 0
        or count(case when term = 'net_sales' then 1 end) = 0 as is_costed,
        {{ known_sum('amount_reporting', "term = 'costed_sales'") }} as costed_sales,
        {{ known_sum('amount_reporting', "term = 'margin'") }} as margin,
        {{ known_sum('amount_reporting', "term = 'returns_value'") }} as returns_value
        {%- for term in serving_terms() %},
        {{ known_sum('amount_reporting', "term = '" ~ term ~ "'") }} as {{ term }}
        {%- endfor %}
    from parts
    group by customer_id, entity_key, month
),

counted as (
    select
        summed.customer_id,
        summed.entity_key,
        summed.month,
        summed.net_sales,
        case when summed.is_costed then summed.costed_sales end as costed_sales,
        case when summed.is_costed then summed.margin end as margin,
        summed.returns_value,
        {%- for term in serving_terms() %}
        summed.{{ term }},
        {%- endfor %}
        {%- for term in serving_terms() %}
        {{ '+ ' if not loop.first }}case
            when {{ is_named('run_context.cost_to_serve', term) }}
                then summed.{{ term }}
            else 0
        end
        {%- endfor %} as cost_to_serve
    from summed
    cross join run_context
)

select
    counted.customer_id,
    customers.customer_name,
    customers.group_id,
    counted.entity_key,
    entities.name as entity_name,
    counted.month,
    {{ month_end('counted.month') }} <= run_context.as_of_date as is_month_complete,
    run_context.reporting_currency,
    {{ money('counted.net_sales') }} as net_sales_reporting,
    {{ money('counted.costed_sales') }} as costed_sales_reporting,
    {{ money('counted.costed_sales - counted.margin') }} as cost_of_goods_reporting,
    {{ money('counted.margin') }} as margin_reporting,
    {{ money(ratio('counted.costed_sales', 'counted.net_sales')) }} as costed_share,
    {%- for term in serving_terms() %}
    {{ money('counted.' ~ term) }} as {{ term }}_reporting,
    {%- endfor %}
    {{ money('counted.cost_to_serve') }} as cost_to_serve_reporting,
    {{ money('counted.margin - counted.cost_to_serve') }} as profit_reporting,
    {{ money('counted.returns_value') }} as returns_value_reporting,
    run_context.as_of_date,
    run_context.is_forced
from counted
cross join run_context
inner join {{ ref('int_customers') }} as customers
    on counted.customer_id = customers.customer_id
inner join {{ ref('stg_erp_entity') }} as entities
    on counted.entity_key = entities.entity_key
