select
    record_type,
    order_key,
    order_line_key,
    count(*) as listed
from {{ ref('unprocessed_order_lines') }}
group by record_type, order_key, order_line_key
having count(*) > 1
