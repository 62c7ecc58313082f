-- Sales and margin of a customer in a ledger company over all months are those of its
-- fiscal years, which top_customers adds up. What is not known is left out on both
-- sides.
with months as (
    select
        customer_id,
        entity_key,
        case when count(*) = count(net_sales_reporting) then sum(net_sales_reporting)
        end as net_sales,
        sum(margin_reporting) as margin
    from {{ ref('customer_profitability') }}
    group by customer_id, entity_key
),

years as (
    select
        customer_id,
        entity_key,
        case when count(*) = count(ytd_reporting) then sum(ytd_reporting)
        end as net_sales,
        sum(margin_ytd_reporting) as margin
    from {{ ref('int_sales') }}
    group by customer_id, entity_key
)

select
    years.customer_id,
    years.entity_key,
    years.net_sales,
    months.net_sales as of_months,
    years.margin,
    months.margin as margin_of_months
from years
left join months
    on years.customer_id = months.customer_id
        and years.entity_key = months.entity_key
where months.customer_id is null
    or years.net_sales <> months.net_sales
    or (
        years.net_sales is not null
        and coalesce(years.margin, 0) <> coalesce(months.margin, 0)
    )
