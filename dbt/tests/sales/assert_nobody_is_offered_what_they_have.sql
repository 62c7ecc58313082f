select
    cross_sell.customer_id,
    cross_sell.item_code
from {{ ref('cross_sell') }} as cross_sell
inner join {{ ref('purchase_history') }} as purchase_history
    on cross_sell.customer_id = purchase_history.customer_id
        and cross_sell.item_code = purchase_history.item_code
where purchase_history.document_type <> 'credit_note'
    and purchase_history.quantity > 0
