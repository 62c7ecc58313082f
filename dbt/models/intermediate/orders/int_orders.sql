-- Grain: one row per ERP order dated on or before the as-of date.
-- Amounts: document currency, and base currency at the order's rate (`_base`). An
-- order without lines has sums of zero.
-- order_total: as stated, else net, tax and freight, else the lines with tax and
-- freight where each has a price (order_total_basis).
-- prepaid_amount: what no posted receipt holds; zero on a draft, which counts
-- nothing. is_prepaid: that covers all that is not invoiced yet, or who is billed pays
-- in advance by its terms.
with headers as (
    select * from {{ ref('int_order_headers') }}
),

order_lines as (
    select * from {{ ref('int_order_lines') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

summed as (
    select
        order_key,
        count(*) as lines,
        sum(case when is_unpriced then 1 else 0 end) as unpriced_lines,
        sum(case when qty_shipped > 0 then 1 else 0 end) as shipped_lines,
        sum(line_gross) as line_gross,
        sum(qty_to_ship) as qty_to_ship,
        sum(qty_to_bill) as qty_to_bill,
        bool_or(is_to_deliver) as is_to_deliver,
        bool_or(is_service_to_bill) as is_service_to_bill,
        sum(open_net) as open_net,
        sum(open_order_value) as open_order_value,
        sum(shipped_not_invoiced_value) as shipped_not_invoiced_value,
        sum(pending_return_value) as pending_return_value,
        sum(open_net_base) as open_net_base,
        sum(open_order_value_base) as open_order_value_base,
        sum(shipped_not_invoiced_value_base) as shipped_not_invoiced_value_base,
        sum(pending_return_value_base) as pending_return_value_base
    from order_lines
    group by order_key
),

totals as (
    select
        headers.*,
        coalesce(summed.lines, 0) as lines,
        coalesce(summed.unpriced_lines, 0) as unpriced_lines,
        coalesce(summed.shipped_lines, 0) as shipped_lines,
        coalesce(summed.qty_to_ship, 0) as qty_to_ship,
        coalesce(summed.qty_to_bill, 0) as qty_to_bill,
        coalesce(summed.is_to_deliver, false) as is_to_deliver,
        coalesce(summed.is_service_to_bill, false) as is_service_to_bill,
        coalesce(accounts.pays_in_advance, false) as pays_in_advance,
        summed.open_net,
        coalesce(summed.open_order_value, 0) as open_order_value,
        coalesce(summed.shipped_not_invoiced_value, 0) as shipped_not_invoiced_value,
        coalesce(summed.pending_return_value, 0) as pending_return_value,
        summed.open_net_base,
        coalesce(summed.open_order_value_base, 0) as open_order_value_base,
        coalesce(summed.shipped_not_invoiced_value_base, 0)
            as shipped_not_invoiced_value_base,
        coalesce(summed.pending_return_value_base, 0) as pending_return_value_base,
        coalesce(
            headers.total,
            headers.net
            + coalesce(headers.tax, 0)
            + coalesce(headers.freight_amount, 0),
            case
                when summed.unpriced_lines = 0
                    then summed.line_gross + coalesce(headers.freight_amount, 0)
            end
        ) as order_total,
        case when headers.is_draft then 0 else coalesce(headers.prepaid_amount, 0) end
            as prepaid_amount_held
    from headers
    left join summed on headers.order_key = summed.order_key
    left join accounts on headers.bill_to_account_key = accounts.account_key
)

select
    order_key,
    source,
    order_id,
    order_no,
    entity_key,
    ordering_account_key,
    bill_to_account_key,
    order_date,
    requested_date,
    promised_date,
    status,
    is_draft,
    is_cancelled,
    hold_reason,
    currency,
    base_currency,
    exchange_rate,
    {{ money('order_total') }} as order_total,
    {{ convert('order_total', 'exchange_rate') }} as order_total_base,
    case
        when total is not null then 'total'
        when net is not null then 'net'
        when order_total is not null then 'lines'
    end as order_total_basis,
    {{ money('prepaid_amount_held') }} as prepaid_amount,
    {{ convert('prepaid_amount_held', 'exchange_rate') }} as prepaid_amount_base,
    pays_in_advance
    or (
        unpriced_lines = 0
        and prepaid_amount_held > 0
        and prepaid_amount_held >= open_order_value + shipped_not_invoiced_value
    ) as is_prepaid,
    cast(lines as integer) as lines,
    cast(unpriced_lines as integer) as unpriced_lines,
    cast(shipped_lines as integer) as shipped_lines,
    {{ qty('qty_to_ship') }} as qty_to_ship,
    {{ qty('qty_to_bill') }} as qty_to_bill,
    is_to_deliver,
    is_service_to_bill,
    {{ money('open_net') }} as open_net,
    {{ money('open_net_base') }} as open_net_base,
    {{ money('open_order_value') }} as open_order_value,
    {{ money('open_order_value_base') }} as open_order_value_base,
    {{ money('shipped_not_invoiced_value') }} as shipped_not_invoiced_value,
    {{ money('shipped_not_invoiced_value_base') }} as shipped_not_invoiced_value_base,
    {{ money('pending_return_value') }} as pending_return_value,
    {{ money('pending_return_value_base') }} as pending_return_value_base,
    salesperson_code,
    shipping_method_code,
    po_number,
    crm_quote_ref,
    order_source,
    as_of_date
from totals
