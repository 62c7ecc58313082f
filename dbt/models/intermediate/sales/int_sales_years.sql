-- Grain: one row per customer, ordering account, salesperson, ledger company and fiscal
-- year, once as sales of that year and once as those of the year before the next one.
-- Everything that ranks sales adds these up, so that every view has the same total.
-- Amounts: net of tax and freight less credit notes, in base currency (`_base`) and in
-- reporting currency; null where a sale in them has no rate or no amount. Margin: of
-- the sales that state a cost (costed_documents).
with sales as (
    select * from {{ ref('int_sales_documents') }}
),

fiscal_years as (
    select * from {{ ref('int_fiscal_years') }}
),

comparisons as (
    select
        entity_key,
        prior_fiscal_year as fiscal_year,
        fiscal_year as next_fiscal_year,
        prior_ytd_end
    from fiscal_years
    where prior_fiscal_year is not null
),

years as (
    select
        sales.customer_id,
        sales.ordering_account_key,
        sales.salesperson_code,
        sales.entity_key,
        fiscal_years.fiscal_year,
        comparisons.next_fiscal_year,
        {{ known_sum('sales.net_base') }} as year_base,
        {{ known_sum('sales.net_reporting') }} as year_reporting,
        {{ known_sum(
            'sales.net_base', 'sales.sale_date <= comparisons.prior_ytd_end'
        ) }} as to_date_base,
        {{ known_sum(
            'sales.net_reporting', 'sales.sale_date <= comparisons.prior_ytd_end'
        ) }} as to_date_reporting,
        count(sales.margin_base) as costed_documents,
        {{ known_sum('sales.margin_reporting', 'sales.margin_base is not null') }}
            as margin_reporting,
        {{ known_sum('sales.costed_net_reporting', 'sales.margin_base is not null') }}
            as costed_net_reporting,
        count(*) as documents,
        count(case when sales.net_reporting is null then 1 end) as unknown_documents
    from sales
    inner join fiscal_years
        on sales.entity_key = fiscal_years.entity_key
            and sales.sale_date
            between fiscal_years.year_start and fiscal_years.year_end
    left join comparisons
        on fiscal_years.entity_key = comparisons.entity_key
            and fiscal_years.fiscal_year = comparisons.fiscal_year
    group by
        sales.customer_id,
        sales.ordering_account_key,
        sales.salesperson_code,
        sales.entity_key,
        fiscal_years.fiscal_year,
        comparisons.next_fiscal_year
)

select
    customer_id,
    ordering_account_key,
    salesperson_code,
    entity_key,
    fiscal_year,
    false as is_prior_year,
    {{ money('year_base') }} as ytd_base,
    {{ money('year_reporting') }} as ytd_reporting,
    {{ money('0') }} as prior_ytd_base,
    {{ money('0') }} as prior_ytd_reporting,
    {{ money('0') }} as prior_full_year_base,
    {{ money('0') }} as prior_full_year_reporting,
    costed_documents,
    {{ money('margin_reporting') }} as margin_ytd_reporting,
    {{ money('costed_net_reporting') }} as costed_sales_ytd_reporting,
    documents,
    unknown_documents
from years
union all
select
    customer_id,
    ordering_account_key,
    salesperson_code,
    entity_key,
    next_fiscal_year as fiscal_year,
    true as is_prior_year,
    {{ money('0') }} as ytd_base,
    {{ money('0') }} as ytd_reporting,
    {{ money('to_date_base') }} as prior_ytd_base,
    {{ money('to_date_reporting') }} as prior_ytd_reporting,
    {{ money('year_base') }} as prior_full_year_base,
    {{ money('year_reporting') }} as prior_full_year_reporting,
    0 as costed_documents,
    {{ money('0') }} as margin_ytd_reporting,
    {{ money('0') }} as costed_sales_ytd_reporting,
    0 as documents,
    0 as unknown_documents
from years
where next_fiscal_year is not null
