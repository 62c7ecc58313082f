-- Listed and open are the same lines: none is missing, none is there without a
-- quantity.
with open_lines as (
    select order_line_key
    from {{ ref('int_order_lines') }}
    where qty_to_ship > 0
        or qty_to_bill > 0
),

listed as (
    select order_line_key
    from {{ ref('unprocessed_order_lines') }}
    where record_type = 'erp_order'
)

select
    open_lines.order_line_key as open_line,
    listed.order_line_key as listed_line
from open_lines
full outer join listed on open_lines.order_line_key = listed.order_line_key
where open_lines.order_line_key is null
    or listed.order_line_key is null
