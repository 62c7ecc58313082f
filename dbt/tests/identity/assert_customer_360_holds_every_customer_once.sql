select
    customers.customer_id,
    count(customer_360.customer_id) as rows_found
from {{ ref('int_customers') }} as customers
full outer join {{ ref('customer_360') }} as customer_360
    on customers.customer_id = customer_360.customer_id
group by customers.customer_id
having count(customer_360.customer_id) <> 1
    or count(customers.customer_id) <> 1
