-- Grain: one row per ERP order that counts as sold at the as-of date: neither a draft
-- nor cancelled by then.
-- Amounts: document currency, and base currency at the order's rate (`_base`), without
-- tax and freight. Where something of the order is cancelled and every line has a
-- price, what is left of the lines; else the order's own net, the sum of its lines, its
-- total less tax and freight, in this order (net_basis).
with headers as (
    select * from {{ ref('int_order_headers') }}
    where not is_draft
        and not is_cancelled
),

lines as (
    select
        order_lines.order_key,
        count(*) as lines,
        count(order_lines.line_net) as lines_with_net,
        sum(order_lines.line_net) as line_net,
        count(case when order_lines.qty_cancelled > 0 then 1 end) as cancelled_lines,
        sum({{ order_line_left() }}) as left_net
    from {{ ref('int_order_lines') }} as order_lines
    group by order_lines.order_key
),

netted as (
    select
        headers.*,
        case
            when lines.lines = lines.lines_with_net and lines.cancelled_lines > 0
                then 'lines_less_cancelled'
            when headers.net is not null then 'stated'
            when lines.lines = lines.lines_with_net then 'lines'
            when headers.total is not null then 'amount_less_tax'
        end as net_basis,
        case
            when lines.lines = lines.lines_with_net and lines.cancelled_lines > 0
                then lines.left_net
            when headers.net is not null then headers.net
            when lines.lines = lines.lines_with_net then lines.line_net
            else
                headers.total
                - coalesce(headers.tax, 0)
                - coalesce(headers.freight_amount, 0)
        end as order_net
    from headers
    left join lines on headers.order_key = lines.order_key
)

select
    order_key,
    source,
    entity_key,
    ordering_account_key,
    bill_to_account_key,
    salesperson_code,
    order_date,
    currency,
    base_currency,
    {{ money('order_net') }} as net_amount,
    {{ convert('order_net', 'exchange_rate') }} as net_base,
    net_basis
from netted
