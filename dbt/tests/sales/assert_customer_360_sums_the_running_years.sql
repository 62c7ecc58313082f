-- Sales of the running fiscal years over customers = those over their documents.
with customers as (
    select
        customer_id,
        sales_ytd_reporting
    from {{ ref('customer_360') }}
    where sales_ytd_reporting is not null
),

documents as (
    select sum(sales.net_reporting) as sales
    from {{ ref('int_sales_documents') }} as sales
    inner join {{ ref('int_fiscal_years') }} as fiscal_years
        on sales.entity_key = fiscal_years.entity_key
            and sales.sale_date between fiscal_years.year_start and fiscal_years.ytd_end
    inner join customers on sales.customer_id = customers.customer_id
    where fiscal_years.is_current
),

totals as (
    select sum(sales_ytd_reporting) as sales
    from customers
)

select
    totals.sales as of_customers,
    documents.sales as of_documents
from totals
cross join documents
where coalesce(totals.sales, 0) <> coalesce(documents.sales, 0)
