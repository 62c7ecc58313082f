select forwarding.customer_id
from {{ ref('int_customer_forwarding') }} as forwarding
inner join {{ ref('int_customers') }} as customers
    on forwarding.customer_id = customers.customer_id
