select
    sales.sale_key,
    count(fiscal_years.fiscal_year) as fiscal_years
from {{ ref('int_sales_documents') }} as sales
left join {{ ref('int_fiscal_years') }} as fiscal_years
    on sales.entity_key = fiscal_years.entity_key
        and sales.sale_date between fiscal_years.year_start and fiscal_years.year_end
group by sales.sale_key
having count(fiscal_years.fiscal_year) <> 1
