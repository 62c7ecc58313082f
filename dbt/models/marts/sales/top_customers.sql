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
        is_forced,
        reporting_currency
    from {{ ref('stg_run_context') }}
),

summed as (
    select
        fiscal_year,
        customer_id,
        max(ytd_end) as ytd_through,
        {{ joined_text('entity_key', 'entity_key') }} as entities,
        case when min(base_currency) = max(base_currency) then min(base_currency)
        end as base_currency,
        {{ sums_of_sales_years(['ytd_base', 'prior_ytd_base']) }}
    from sales
    group by fiscal_year, customer_id
),

named as (
    select
        *,
        ytd_reporting as ytd,
        prior_ytd_reporting as prior_ytd
    from summed
),

cumulated as (
    {{ ranked_sales('named', 'fiscal_year', 'customer_id') }}
)

select
    cumulated.fiscal_year,
    cumulated.customer_id,
    customers.customer_name,
    customers.group_id,
    cumulated.entities,
    cumulated.ytd_through,
    cumulated.ytd,
    cumulated.prior_ytd,
    cumulated.prior_full_year_reporting as prior_full_year,
    {{ places_of_sales('cumulated') }},
    cumulated.margin_ytd_reporting as margin_ytd,
    cumulated.costed_sales_ytd_reporting as costed_sales_ytd,
    run_context.reporting_currency,
    {%- for amount in ['ytd_base', 'prior_ytd_base'] %}
    case when cumulated.base_currency is not null then cumulated.{{ amount }} end
        as {{ amount }},
    {%- endfor %}
    cumulated.base_currency,
    cumulated.unknown_documents,
    run_context.as_of_date,
    run_context.is_forced
from cumulated
cross join run_context
inner join customers on cumulated.customer_id = customers.customer_id
