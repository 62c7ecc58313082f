-- Grain: one row per ERP order line. Amounts: document currency, of the whole quantity
-- ordered (of one unit where that quantity is zero).
-- Net: as stated, else price less discount; null where the line states no price.
-- Tax: as stated, else the order's tax in the proportion of the line's net to the
-- order's net (or the sum of its lines), else none.
with sales_order as (
    select * from {{ ref('stg_erp_sales_order') }}
),

order_line as (
    select * from {{ ref('stg_erp_sales_order_line') }}
),

priced as (
    select
        order_line_key,
        order_key,
        tax_amount,
        {{ qty('case when qty_ordered = 0 then 1 else qty_ordered end') }}
            as qty_priced,
        case
            when qty_ordered = 0
                then {{ discounted('unit_price', 'discount_pct', '1') }}
            when unit_price is null and net_amount = 0 then null
            else coalesce(
                net_amount,
                {{ discounted('unit_price', 'discount_pct', 'qty_ordered') }}
            )
        end as line_net
    from order_line
),

summed as (
    select
        order_key,
        case when count(line_net) = count(*) then sum(line_net) end as lines_net
    from priced
    group by order_key
),

headers as (
    select
        sales_order.order_key,
        coalesce(sales_order.net, summed.lines_net) as order_net,
        coalesce(
            sales_order.tax,
            sales_order.total
            - coalesce(sales_order.net, summed.lines_net)
            - coalesce(sales_order.freight_amount, 0)
        ) as order_tax
    from sales_order
    inner join summed on sales_order.order_key = summed.order_key
),

taxed as (
    select
        priced.order_line_key,
        priced.order_key,
        priced.qty_priced,
        {{ money('priced.line_net') }} as line_net,
        case
            when priced.tax_amount is not null then priced.tax_amount
            when headers.order_net <> 0
                then {{ prorated(
                    'headers.order_tax', 'priced.line_net', 'headers.order_net'
                ) }}
        end as line_tax,
        case
            when priced.tax_amount is not null then 'line'
            when headers.order_net <> 0 and headers.order_tax is not null then 'order'
            else 'none'
        end as tax_basis
    from priced
    inner join headers on priced.order_key = headers.order_key
)

select
    order_line_key,
    order_key,
    qty_priced,
    line_net,
    {{ money('case when line_net is not null then coalesce(line_tax, 0) end') }}
        as line_tax,
    {{ money('line_net + coalesce(line_tax, 0)') }} as line_gross,
    tax_basis
from taxed
