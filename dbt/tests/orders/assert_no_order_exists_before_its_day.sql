select
    order_key,
    order_date,
    as_of_date
from {{ ref('int_orders') }}
where order_date > as_of_date
