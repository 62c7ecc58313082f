-- Grain: one row per basket and item in it. A basket is one purchase: an invoice, or an
-- order where a source declares its orders to be its sales. What credit notes settle as
-- a whole is none, and neither is one of more than a hundred items: an order for a
-- whole range says nothing of any two of them, and would count five thousand pairs.
with sales as (
    select
        sale_key,
        sale_type,
        source
    from {{ ref('int_sales_documents') }}
    where is_purchase
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

credited as (
    select allocations.debit_document_key as document_key
    from {{ ref('int_allocations') }} as allocations
    cross join run_context
    inner join {{ ref('int_documents') }} as documents
        on allocations.debit_document_key = documents.document_key
    where allocations.credit_document_type = 'credit_note'
        and allocations.effective_from <= run_context.as_of_date
        and allocations.effective_until > run_context.as_of_date
    group by allocations.debit_document_key
    having sum(allocations.amount) >= max(documents.effect)
),

items as (
    select distinct
        sales.sale_key,
        sales.source,
        lines.item_key
    from {{ ref('purchase_history') }} as lines
    inner join sales on lines.document_key = sales.sale_key
    left join credited
        on case when sales.sale_type <> 'order' then sales.sale_key end
            = credited.document_key
    where lines.item_key is not null
        and lines.quantity > 0
        and credited.document_key is null
),

sized as (
    select
        *,
        count(*) over (partition by sale_key) as items
    from items
)

select
    sale_key,
    source,
    item_key
from sized
where items <= 100
