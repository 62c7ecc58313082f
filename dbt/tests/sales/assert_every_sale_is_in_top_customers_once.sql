-- The sales of a fiscal year, summed over customers, are the sales of its documents.
-- A customer with an unknown sale has no sum, so it is left out on both sides.
with customers as (
    select
        fiscal_year,
        customer_id,
        ytd
    from {{ ref('top_customers') }}
    where ytd is not null
),

by_customer as (
    select
        fiscal_year,
        sum(ytd) as sales
    from customers
    group by fiscal_year
),

by_document as (
    select
        fiscal_years.fiscal_year,
        sum(sales.net_reporting) as sales
    from {{ ref('int_sales_documents') }} as sales
    inner join {{ ref('int_fiscal_years') }} as fiscal_years
        on sales.entity_key = fiscal_years.entity_key
            and sales.sale_date
            between fiscal_years.year_start and fiscal_years.year_end
    inner join customers
        on sales.customer_id = customers.customer_id
            and fiscal_years.fiscal_year = customers.fiscal_year
    group by fiscal_years.fiscal_year
)

select
    coalesce(by_customer.fiscal_year, by_document.fiscal_year) as fiscal_year,
    by_customer.sales as by_customer,
    by_document.sales as by_document
from by_customer
full outer join by_document on by_customer.fiscal_year = by_document.fiscal_year
where coalesce(by_customer.sales, 0) <> coalesce(by_document.sales, 0)
