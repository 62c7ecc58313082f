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
        sum(margin_ytd_reporting) as margin_ytd,
        sum(margin_net_ytd_reporting) as margin_net_ytd,
        case when min(base_currency) = max(base_currency) then min(base_currency)
        end as base_currency,
        {{ known_sum('ytd_base') }} as ytd_base,
        {{ known_sum('prior_ytd_base') }} as prior_ytd_base,
        sum(unknown_documents) as unknown_documents
    from sales
    group by fiscal_year, customer_id
),

ranked as (
    select
        summed.*,
        row_number() over (
            partition by summed.fiscal_year
            order by summed.ytd desc nulls last, summed.customer_id asc
        ) as sales_rank,
        greatest(coalesce(summed.ytd, 0), 0) as counted
    from summed
),

cumulated as (
    select
        *,
        cast(sum(counted) over (partition by fiscal_year) as decimal(24, 4)) as total,
        cast(sum(counted) over (
            partition by fiscal_year
            order by sales_rank
            rows between unbounded preceding and current row
        ) as decimal(24, 4)) as cumulative
    from ranked
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
    {{ growth('cumulated.ytd', 'cumulated.prior_ytd') }} as growth,
    cast(cumulated.sales_rank as integer) as rank,
    {{ ratio('case when cumulated.ytd is not null then cumulated.counted end',
        'cumulated.total') }} as share,
    {{ ratio('case when cumulated.ytd is not null then cumulated.cumulative end',
        'cumulated.total') }} as cumulative_share,
    {{ abc_class(
        'cumulated.ytd', '(cumulated.cumulative - cumulated.counted)', 'cumulated.total'
    ) }} as abc,
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
