-- Grain: one row per order with an unprocessed line. Source: unprocessed lines.
-- Amounts: document currency unless the name says base or reporting. Quantities add up
-- the lines, whatever their units.
-- The order waits for every reason that one of its unprocessed lines waits for; the
-- leading one is the first of them by the same priority.
with lines as (
    select * from {{ ref('int_unprocessed_lines') }}
),

orders as (
    select * from {{ ref('int_orders') }}
),

summed as (
    select
        record_type,
        record_key,
        max(as_of_date) as as_of_date,
        bool_or(is_forced) as is_forced,
        max(source) as source,
        max(order_no) as order_no,
        max(customer_id) as customer_id,
        max(customer_name) as customer_name,
        max(group_id) as group_id,
        max(group_name) as group_name,
        max(owner) as owner,
        max(account_key) as account_key,
        max(bill_to_account_key) as bill_to_account_key,
        max(entity_key) as entity_key,
        max(status) as status,
        max(order_date) as order_date,
        min(due_date) as due_date,
        max(days_late) as days_late,
        count(line_key) as lines,
        sum(case when qty_to_ship > 0 then 1 else 0 end) as lines_to_ship,
        sum(case when qty_back_ordered > 0 then 1 else 0 end) as lines_back_ordered,
        sum(case when qty_to_bill > 0 then 1 else 0 end) as lines_to_invoice,
        sum(case when qty_over_delivered > 0 then 1 else 0 end)
            as lines_over_delivered,
        sum(case when is_closed_short then 1 else 0 end) as lines_closed_short,
        sum(case when is_unpriced then 1 else 0 end) as lines_unpriced,
        sum(qty_to_ship) as qty_to_ship,
        sum(qty_back_ordered) as qty_back_ordered,
        sum(qty_to_bill) as qty_to_invoice,
        max(
            case quantity_basis
                when 'status' then 3
                when 'stated' then 2
                when 'dated' then 1
            end
        ) as weakest_basis,
        max(currency) as currency,
        sum(open_net) as open_net,
        max(order_total) as order_total,
        max(base_currency) as base_currency,
        sum(open_net_base) as open_net_base,
        max(order_total_base) as order_total_base,
        max(reporting_currency) as reporting_currency,
        sum(open_net_reporting) as open_net_reporting,
        max(order_total_reporting) as order_total_reporting
        {%- for reason in waiting_reasons() %},
        max(case when waits_{{ reason }} then 1 else 0 end) = 1 as waits_{{ reason }}
        {%- endfor %}
    from lines
    group by record_type, record_key
)

select
    summed.as_of_date,
    summed.record_type,
    summed.source,
    summed.record_key as order_key,
    summed.order_no,
    summed.customer_id,
    summed.customer_name,
    summed.group_id,
    summed.group_name,
    summed.owner,
    summed.account_key,
    summed.bill_to_account_key,
    summed.entity_key,
    summed.status,
    case
        when summed.waits_not_handed_over then 'not_handed_over'
        when summed.waits_awaiting_approval then 'draft'
        when summed.lines_to_ship = 0 then 'to_invoice'
        when orders.shipped_lines > 0 then 'part_shipped'
        else 'to_ship'
    end as state,
    {{ leading_reason() }} as leading_reason,
    {{ all_reasons() }} as reasons,
    summed.order_date,
    summed.due_date,
    summed.days_late,
    cast(summed.lines as integer) as lines,
    cast(summed.lines_to_ship as integer) as lines_to_ship,
    cast(summed.lines_back_ordered as integer) as lines_back_ordered,
    cast(summed.lines_to_invoice as integer) as lines_to_invoice,
    cast(summed.lines_over_delivered as integer) as lines_over_delivered,
    cast(summed.lines_closed_short as integer) as lines_closed_short,
    cast(summed.lines_unpriced as integer) as lines_unpriced,
    {{ qty('summed.qty_to_ship') }} as qty_to_ship,
    {{ qty('summed.qty_back_ordered') }} as qty_back_ordered,
    {{ qty('summed.qty_to_invoice') }} as qty_to_invoice,
    case summed.weakest_basis
        when 3 then 'status'
        when 2 then 'stated'
        when 1 then 'dated'
    end as quantity_basis,
    summed.currency,
    {{ money('summed.open_net') }} as open_net,
    {{ money('summed.order_total') }} as order_total,
    summed.base_currency,
    {{ money('summed.open_net_base') }} as open_net_base,
    {{ money('summed.order_total_base') }} as order_total_base,
    summed.reporting_currency,
    {{ money('summed.open_net_reporting') }} as open_net_reporting,
    {{ money('summed.order_total_reporting') }} as order_total_reporting,
    summed.is_forced
from summed
left join orders
    on case when summed.record_type = 'erp_order' then summed.record_key end
        = orders.order_key
