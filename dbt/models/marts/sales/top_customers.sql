-- Grain: one row per fiscal year and customer that bought in it or in the year before.
-- A customer may have accounts in ledger companies with different fiscal years: the row
-- of a fiscal year adds up each company's own year of that name.
-- Amounts: reporting currency; `_base` only where all ledgers keep one base currency.
with sales as (
    select * from {{ ref('int_sales') }}
),

customers as (
    select * from {{ ref('int_customers') }}
),

run_context as (
    select
        as_of_date,
        reporting_currency
    from {{ ref('stg_run_context') }}
),

summed as (
    select
        fiscal_year,
        customer_id,
        max(ytd_end) as ytd_through,
        {{ joined_text('entity_key', 'entity_key') }} as entities,
        {{ known_sum('ytd_reporting') }} as ytd,
        {{ known_sum('prior_ytd_reporting') }} as prior_ytd,
        {{ known_sum('prior_full_year_reporting') }} as prior_full_year,
        {%- for amount in ['margin', 'margin_net'] %}
        case
            when sum(costed_documents) > 0 then
                {{ known_sum(amount ~ '_ytd_reporting', 'costed_documents > 0') }}
        end as {{ amount }}_ytd,
        {%- endfor %}
        case when min(base_currency) = max(base_currency) then min(base_currency)
        end as base_currency,
        {{ known_sum('ytd_base') }} as ytd_base,
        {{ known_sum('prior_ytd_base') }} as prior_ytd_base,
        sum(unknown_documents) as unknown_documents
    from sales
    group by fiscal_year, customer_id
),

cumulated as (
    {{ ranked_sales('summed', 'fiscal_year', 'customer_id') }}
)

select
    cumulated.fiscal_year,
    cumulated.customer_id,
    customers.customer_name,
    customers.group_id,
    cumulated.entities,
    cumulated.ytd_through,
    {{ money('cumulated.ytd') }} as ytd,
    {{ money('cumulated.prior_ytd') }} as prior_ytd,
    {{ money('cumulated.prior_full_year') }} as prior_full_year,
    {{ places_of_sales('cumulated') }},
    {{ money('cumulated.margin_ytd') }} as margin_ytd,
    {{ money('cumulated.margin_net_ytd') }} as margin_net_ytd,
    run_context.reporting_currency,
    {%- for amount in ['ytd_base', 'prior_ytd_base'] %}
    case when cumulated.base_currency is not null
        then {{ money('cumulated.' ~ amount) }}
    end as {{ amount }},
    {%- endfor %}
    cumulated.base_currency,
    cast(cumulated.unknown_documents as integer) as unknown_documents,
    run_context.as_of_date
from cumulated
cross join run_context
inner join customers on cumulated.customer_id = customers.customer_id
