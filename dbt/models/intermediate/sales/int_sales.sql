-- Grain: one row per customer, ledger company and fiscal year in which, or in the year
-- before which, the customer bought.
-- Amounts: net of tax and freight less credit notes, in base currency (`_base`) and in
-- reporting currency; null where a sale in them has no rate or no amount. Margin: of
-- the sales that state a cost; null where none does.
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
        sales.entity_key,
        fiscal_years.fiscal_year,
        comparisons.next_fiscal_year
),

bought as (
    select
        customer_id,
        entity_key,
        fiscal_year
    from years
    union
    select
        customer_id,
        entity_key,
        next_fiscal_year as fiscal_year
    from years
    where next_fiscal_year is not null
)

select
    bought.customer_id,
    bought.entity_key,
    entities.base_currency,
    bought.fiscal_year,
    fiscal_years.year_start,
    fiscal_years.year_end,
    fiscal_years.ytd_end,
    fiscal_years.is_current,
    {{ zero_unless('years', 'years.year_base') }} as ytd_base,
    {{ zero_unless('years', 'years.year_reporting') }} as ytd_reporting,
    {{ zero_unless('previous', 'previous.to_date_base') }} as prior_ytd_base,
    {{ zero_unless('previous', 'previous.to_date_reporting') }} as prior_ytd_reporting,
    {{ zero_unless('previous', 'previous.year_base') }} as prior_full_year_base,
    {{ zero_unless('previous', 'previous.year_reporting') }}
        as prior_full_year_reporting,
    {{ money(
        'case when years.costed_documents > 0 then years.margin_reporting end'
    ) }} as margin_ytd_reporting,
    {{ money(
        'case when years.costed_documents > 0 then years.costed_net_reporting end'
    ) }} as margin_net_ytd_reporting,
    cast(coalesce(years.documents, 0) as integer) as documents,
    cast(coalesce(years.unknown_documents, 0) as integer) as unknown_documents
from bought
inner join fiscal_years
    on bought.entity_key = fiscal_years.entity_key
        and bought.fiscal_year = fiscal_years.fiscal_year
inner join {{ ref('stg_erp_entity') }} as entities
    on bought.entity_key = entities.entity_key
left join years
    on bought.customer_id = years.customer_id
        and bought.entity_key = years.entity_key
        and bought.fiscal_year = years.fiscal_year
left join years as previous
    on bought.customer_id = previous.customer_id
        and bought.entity_key = previous.entity_key
        and bought.fiscal_year = previous.next_fiscal_year
