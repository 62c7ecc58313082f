-- Grain: one row per line of a CRM order or accepted quote that no ERP order answers;
-- one row without a line where the CRM delivers no line with a quantity.
-- Nothing of it is shipped or billed. Amounts: currency of the CRM order; the value
-- of a row without a line is the net value of the header.
with records as (
    select * from {{ ref('int_crm_orders_waiting') }}
),

lines as (
    select * from {{ ref('int_crm_lines') }}
    where quantity > 0
),

stock as (
    select * from {{ ref('int_crm_line_stock') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

mismatches as (
    select distinct
        record_type,
        record_key
    from {{ ref('int_list_mismatches') }}
    where is_blocking
)

select
    records.record_type,
    records.record_key,
    lines.line_key,
    records.source,
    records.record_no as order_no,
    lines.line_no,
    records.status,
    records.customer_id,
    records.account_key,
    accounts.bill_to_account_key,
    accounts.entity_key,
    records.salesperson as salesperson_code,
    records.order_date,
    records.requested_date as due_date,
    lines.item_code,
    lines.description,
    lines.uom,
    case when lines.is_service then 'service' end as fulfilment_type,
    lines.quantity as qty_ordered,
    {{ qty('case when lines.quantity is not null then 0 end') }} as qty_cancelled,
    {{ qty('case when lines.quantity is not null then 0 end') }} as qty_shipped,
    {{ qty('case when lines.quantity is not null then 0 end') }} as qty_invoiced,
    {{ qty('case when lines.is_service then 0 else lines.quantity end') }}
        as qty_to_ship,
    {{ qty('case when lines.is_service then 0 else stock.qty_back_ordered end') }}
        as qty_back_ordered,
    lines.quantity as qty_to_bill,
    {{ qty('case when lines.quantity is not null then 0 end') }} as qty_over_delivered,
    false as is_closed_short,
    records.currency,
    cast(null as varchar) as base_currency,
    records.total as order_total,
    {{ money('null') }} as order_total_base,
    case when lines.line_key is null then records.net else lines.net_amount end
        as open_net,
    {{ money('null') }} as open_net_base,
    false as is_unpriced,
    cast(null as varchar) as shipped_basis,
    cast(null as varchar) as invoiced_basis,
    cast(null as varchar) as quantity_basis,
    stock.stock_date,
    records.is_held as waits_credit_hold,
    false as waits_order_hold,
    coalesce(stock.qty_back_ordered > 0, false) as waits_no_stock,
    mismatches.record_key is not null as waits_list_mismatch,
    true as waits_not_handed_over,
    records.is_draft as waits_awaiting_approval,
    coalesce(records.requested_date > run_context.as_of_date, false) as waits_due_later,
    false as waits_awaiting_supplier,
    false as waits_to_be_invoiced
from records
cross join run_context
left join lines
    on records.record_type = lines.record_type
        and records.record_key = lines.record_key
left join stock
    on lines.record_type = stock.record_type
        and lines.line_key = stock.line_key
left join accounts on records.account_key = accounts.account_key
left join mismatches
    on records.record_type = mismatches.record_type
        and records.record_key = mismatches.record_key
