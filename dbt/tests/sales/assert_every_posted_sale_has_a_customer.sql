-- No invoice, credit note or sold order is lost on its way to a customer.
with expected as (
    select invoices.document_key as sale_key
    from {{ ref('int_invoices') }} as invoices
    left join {{ ref('stg_source_info') }} as source_info
        on invoices.source = source_info.source
    where coalesce(source_info.sales_from, 'invoices') = 'invoices'
    union all
    select orders.order_key as sale_key
    from {{ ref('int_order_sales') }} as orders
    inner join {{ ref('stg_source_info') }} as source_info
        on orders.source = source_info.source
    where source_info.sales_from = 'orders'
)

select expected.sale_key
from expected
left join {{ ref('int_sales_documents') }} as sales
    on expected.sale_key = sales.sale_key
where sales.sale_key is null
