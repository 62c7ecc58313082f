select
    fiscal_year,
    customer_id,
    count(*) as rows_found
from {{ ref('top_customers') }}
group by fiscal_year, customer_id
having count(*) > 1
