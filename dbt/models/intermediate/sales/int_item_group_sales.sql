-- Grain: one row per sale and item group in it. What bears no item group, and what the
-- lines of a sale do not say of it, stands under the empty one: the rows of a sale add
-- up to it.
-- Amounts: net, a credit note negative, in base currency (`_base`) and in reporting
-- currency; null where the sale has no rate or no amount.
-- A purchase of the group: no credit note, and worth more than nothing.
with sales as (
    select * from {{ ref('int_sales_documents') }}
),

-- A line without an amount has it in the rest of its sale.
lines as (
    select
        document_key as sale_key,
        coalesce(item_group, '') as item_group,
        uom,
        quantity,
        coalesce(net_amount, 0) as net_amount,
        case when net_amount is null then 0 else net_base end as net_base,
        case when net_amount is null then 0 else net_reporting end as net_reporting,
        is_document_complete
    from {{ ref('purchase_history') }}
),

of_lines as (
    select
        sale_key,
        bool_and(is_document_complete) as is_complete,
        sum(net_amount) as net_amount,
        sum(net_base) as net_base,
        sum(net_reporting) as net_reporting
    from lines
    group by sale_key
),

rests as (
    select
        sales.sale_key,
        sales.net_amount - coalesce(of_lines.net_amount, 0) as net_amount,
        sales.net_base - coalesce(of_lines.net_base, 0) as net_base,
        sales.net_reporting - case
            when of_lines.sale_key is null then 0
            else of_lines.net_reporting
        end as net_reporting
    from sales
    left join of_lines on sales.sale_key = of_lines.sale_key
    where not coalesce(of_lines.is_complete, false)
),

parts as (
    select
        sale_key,
        item_group,
        uom,
        quantity,
        net_amount,
        net_base,
        net_reporting
    from lines
    union all
    select
        sale_key,
        '' as item_group,
        cast(null as varchar) as uom,
        0 as quantity,
        net_amount,
        net_base,
        net_reporting
    from rests
    where coalesce(net_amount <> 0, true)
        or coalesce(net_base <> 0, false)
        or coalesce(net_reporting <> 0, false)
),

summed as (
    select
        sale_key,
        item_group,
        sum(quantity) as quantity,
        case when min(uom) = max(uom) and count(*) = count(uom) then min(uom)
        end as uom,
        {{ known_sum('net_amount') }} as net_amount,
        {{ known_sum('net_base') }} as net_base,
        {{ known_sum('net_reporting') }} as net_reporting
    from parts
    group by sale_key, item_group
)

select
    summed.sale_key,
    summed.item_group,
    sales.customer_id,
    sales.sale_date,
    sales.base_currency,
    {{ qty('summed.quantity') }} as quantity,
    summed.uom,
    {{ money('summed.net_base') }} as net_base,
    {{ money('summed.net_reporting') }} as net_reporting,
    coalesce(sales.sale_type <> 'credit_note' and summed.net_amount > 0, false)
        as is_purchase
from summed
inner join sales on summed.sale_key = sales.sale_key
