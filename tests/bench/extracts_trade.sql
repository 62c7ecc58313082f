-- What the ERP knows besides orders and ledger: prices, stock, shipments, returns, what is
-- disputed and promised, and the lists it shares. Made after extracts.sql, in its terms.

create table erp_tax_rate as
select * from (values ('V21', date '2020-01-01', 21)) as t (tax_code, valid_from, rate);

-- Every item in every currency, dearer in each year; one of five is cheaper from 10 on.
create table erp_price as
select
    'LIST' as price_list,
    item_id,
    currency,
    min_qty,
    make_date(year, 1, 1) as valid_from,
    money(list_price * (0.94 + 0.02 * (year - 2023)) * factor
        * case min_qty when 1 then 1 else 0.9 end) as unit_price,
    cast(null as varchar) as account_id
from erp_item
cross join (values ('EUR', 1.0), ('GBP', 0.86), ('USD', 1.09)) as c (currency, factor)
cross join (values (2023), (2024), (2025), (2026)) as y (year)
cross join (values (1), (10)) as m (min_qty)
where min_qty = 1 or hash(item_id) % 5 = 0
union all
-- One account of four has agreed on the price of an item.
select
    'A' || accounts.i as price_list,
    erp_item.item_id,
    accounts.currency,
    1 as min_qty,
    date '2026-01-01' as valid_from,
    money(erp_item.list_price * 0.8) as unit_price,
    'D' || accounts.i as account_id
from accounts
inner join erp_item
    on 'A' || whole(accounts.i, 203, getvariable('items')) = erp_item.item_id
where draw(accounts.i, 204) < 0.25;

create table erp_stock as
select
    item_id,
    warehouse,
    few(hash(item_id, warehouse), 205, 4000) as on_hand,
    few(hash(item_id, warehouse), 206, 400) as allocated,
    few(hash(item_id, warehouse), 207, 1000) as on_order,
    3 + whole(hash(item_id, warehouse), 208, 40) as lead_time_days
from erp_item
cross join (values ('NORTH'), ('SOUTH')) as w (warehouse)
where is_stock;

-- -- shipments and returns -------------------------------------------------------------
-- An order that is invoiced left the day before; half of one that is part shipped did.
create table shipments as
select
    *,
    case status when 'invoiced' then invoice_date - 1 else least(order_date + 3, as_of()) end
        as shipped_on
from orders
where status in ('invoiced', 'part_shipped');

create view erp_shipment as
select
    'H' || i as shipment_id,
    'O' || i as order_id,
    'D' || account as account_id,
    'SH-' || lpad(cast(i as varchar), 8, '0') as shipment_no,
    shipped_on,
    (['Road & Sea', 'Nightline', 'Parcel One'])[1 + whole(i, 211, 3)] as carrier,
    'TR' || (100000000 + i) as tracking,
    word(account, 8) || 'stad' as ship_to_city,
    'BE' as ship_to_country_code,
    case when draw(i, 212) < 0.9 then shipped_on + to_days(2) end as pod_at
from shipments;

create table shipment_lines as
select
    lines.order_no,
    lines.line_no,
    lines.item,
    lines.quantity,
    lines.net_amount,
    shipments.shipped_on,
    case shipments.status when 'invoiced' then lines.quantity else lines.quantity // 2 end
        as qty
from lines
inner join shipments on lines.order_no = shipments.i
where not lines.is_service;

create view erp_shipment_line as
select
    'H' || order_no || '-' || line_no as shipment_line_id,
    'H' || order_no as shipment_id,
    'O' || order_no || '-' || line_no as order_line_id,
    'A' || item as item_id,
    qty
from shipment_lines
where qty > 0;

-- One line of a hundred comes back, after it was invoiced; most are credited.
create table returned as
select
    shipment_lines.*,
    invoices.is_credited,
    orders.account,
    invoices.invoice_date + 7 as returned_on
from shipment_lines
inner join invoices on shipment_lines.order_no = invoices.i
inner join orders on shipment_lines.order_no = orders.i
where draw(shipment_lines.order_no * 10 + shipment_lines.line_no, 213) < 0.01
    and shipment_lines.qty > 0
    and invoices.invoice_date + 7 <= as_of();

create view erp_return as
select
    'B' || order_no || '-' || line_no as return_id,
    'D' || account as account_id,
    'RT-' || order_no || '-' || line_no as return_no,
    returned_on,
    (['damaged', 'wrong item', 'too late'])[1 + whole(order_no, 214, 3)] as reason,
    'O' || order_no as order_id,
    case when is_credited then 'C' || order_no end as credit_document_id
from returned;

create view erp_return_line as
select
    'B' || order_no || '-' || line_no || '-1' as return_line_id,
    'B' || order_no || '-' || line_no as return_id,
    'A' || item as item_id,
    qty,
    money(net_amount * 1.21) as value,
    'H' || order_no || '-' || line_no as shipment_line_id
from returned;

-- -- collections -----------------------------------------------------------------------
create view erp_dispute as
select
    'X' || i as dispute_id,
    'I' || i as document_id,
    money(first_net * 1.21) as amount,
    'price' as reason,
    invoice_date + 5 as opened_on,
    case when draw(i, 221) < 0.7 then invoice_date + 25 end as closed_on
from invoices
where ledger_status = 'posted' and draw(i, 222) < 0.01;

create view erp_promise as
select
    'Y' || i as promise_id,
    'D' || account as account_id,
    'I' || i as document_id,
    due_date + 10 as promised_on,
    due_date + 20 as promise_date,
    money(to_pay) as amount
from invoices
where ledger_status = 'posted' and to_pay > 0 and draw(i, 223) < 0.01
    and due_date + 10 <= as_of();

-- -- lists -----------------------------------------------------------------------------
create table erp_list_value as
select 'salesperson' as list_name, 'S' || i as code, 'Salesperson ' || i as label,
    true as active
from range(30) as t (i)
union all
select 'territory', 'T' || i, 'Territory ' || i, true
from range(8) as t (i)
union all
select *, true
from (values
    ('shipping_method', 'road', 'by road'), ('shipping_method', 'sea', 'by sea'),
    ('payment_terms', 'N14', '14 days'), ('payment_terms', 'N30', '30 days'),
    ('payment_terms', 'N60', '60 days'), ('payment_terms', 'M10', 'end of month'),
    ('tax_code', 'V21', '21 %'), ('price_list', 'LIST', 'list prices'),
    ('uom', 'pcs', 'pieces'), ('currency', 'EUR', 'euro'), ('currency', 'GBP', 'pound'),
    ('currency', 'USD', 'dollar')) as v (list_name, code, label);
