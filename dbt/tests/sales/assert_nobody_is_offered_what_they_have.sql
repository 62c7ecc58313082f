-- Nor what they wait for: the same is told of the lists that people read.
with had as (
    select
        customer_id,
        item_code
    from {{ ref('purchase_history') }}
    where document_type <> 'credit_note'
        and quantity > 0
    union
    select
        customer_id,
        item_code
    from {{ ref('unprocessed_order_lines') }}
    where record_type = 'erp_order'
        and qty_ordered > qty_cancelled
)

select
    cross_sell.customer_id,
    cross_sell.item_code
from {{ ref('cross_sell') }} as cross_sell
inner join had
    on cross_sell.customer_id = had.customer_id
        and cross_sell.item_code = had.item_code
