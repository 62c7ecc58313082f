-- The extracts of an invented company at a scale, one table per contract table, in the
-- contract's own column names. Every value follows from a row's number and the seed.
-- Variables: seed, companies, accounts, orders, items. As of 2026-06-30, three years.
-- Rows whose key begins with BAD break the contract, and nothing refers to them.

create macro draw(i, salt) as
    hash(i, salt, getvariable('seed')) % 1000000 / 1000000.0;
create macro whole(i, salt, n) as cast(floor(draw(i, salt) * n) as bigint);
-- Few have much: the cube of a uniform draw.
create macro few(i, salt, n) as cast(floor(pow(draw(i, salt), 3) * n) as bigint);
create macro money(x) as cast(x as decimal(18, 2));
create macro as_of() as date '2026-06-30';
create macro word(i, salt) as list_extract([
    'Alder', 'Birch', 'Cedar', 'Delta', 'Ember', 'Fjord', 'Granite', 'Harbour', 'Iris',
    'Juniper', 'Kestrel', 'Larch', 'Maple', 'Nordic', 'Orchid', 'Pine', 'Quartz',
    'River', 'Summit', 'Tidal', 'Umber', 'Violet', 'Willow', 'Yarrow', 'Zephyr'],
    1 + whole(i, salt, 25));
create macro trade(i, salt) as list_extract([
    'Trading', 'Logistics', 'Foods', 'Systems', 'Works', 'Supply', 'Textiles', 'Energy',
    'Tools', 'Marine', 'Paper', 'Optics'], 1 + whole(i, salt, 12));
-- Belgium's check digits: 97 less the first eight digits modulo 97.
create macro vat_number(i) as
    'BE' || (1000000000 + i * 100 + (97 - (10000000 + i) % 97));
-- A company's number is written well, mistyped, or not at all.
create macro typed_vat(company, reader) as case
    when draw(company, 101) < 0.55 then case
        when draw(company, reader) < 0.03 then vat_number(company) || '7'
        when draw(company, reader) < 0.85 then vat_number(company)
    end
end;

create table crm_company as
select
    'K' || i as company_id,
    word(i, 1) || ' ' || trade(i, 2) || ' ' || i as name,
    word(i, 1) || ' ' || trade(i, 2) || ' ' || i || ' NV' as legal_name,
    case when draw(i, 3) < 0.05 then 'K' || whole(i, 4, i + 1) end as parent_company_id,
    case when draw(i, 5) < 0.8 then 'customer' else 'prospect' end as company_type,
    typed_vat(i, 102) as vat_number,
    'https://company' || i || '.example' as website,
    'company' || i || '.example' as domain,
    '+32 2 ' || (5000000 + i) as phone,
    'office@company' || i || '.example' as email,
    whole(i, 6, 200) + 1 || ' ' || word(i, 7) || ' Street' as address_line1,
    word(i, 8) || 'stad' as city,
    cast(1000 + whole(i, 9, 8999) as varchar) as postcode,
    'BE' as country_code,
    'U' || whole(i, 10, 20) as owner_user_id,
    'T' || whole(i, 11, 8) as territory,
    trade(i, 12) as industry,
    few(i, 13, 5000) + 1 as employees,
    money(few(i, 14, 50000000)) as annual_revenue,
    -- Seven of ten know their account; of those that share one, the first.
    case when draw(i, 15) < 0.7 and i < getvariable('accounts') then 'D' || i end
        as erp_account_ref,
    timestamp '2020-01-01 08:00:00' + to_hours(whole(i, 16, 30000)) as created_at,
    timestamp '2025-01-01 08:00:00' + to_hours(whole(i, 17, 12000)) as updated_at
from range(getvariable('companies')) as t (i);

create table erp_entity as
select *
from (values
    ('E1', 'Bench Belgium', 'EUR', 1, 'BE'), ('E2', 'Bench Britain', 'GBP', 4, 'GB')
) as t (entity_id, name, base_currency, fiscal_year_start_month, country_code);

create table erp_payment_terms as
select *
from (values
    ('N14', 14, 'document_date'), ('N30', 30, 'document_date'), ('N60', 60, 'document_date'),
    ('M10', 10, 'end_of_month')
) as t (terms_code, days, basis);

create table fx_rate as
select
    currency as from_currency,
    'EUR' as to_currency,
    cast(day as date) as rate_date,
    cast(base + 0.04 * sin(date_diff('day', date '2023-01-01', day) / 80.0)
        as decimal(18, 6)) as rate
from range(timestamp '2023-06-01', timestamp '2026-07-01', interval 1 day) as d (day)
cross join (values ('USD', 0.92), ('GBP', 1.16)) as c (currency, base);

create table erp_item as
select
    'A' || i as item_id,
    'A-' || lpad(cast(i as varchar), 6, '0') as item_code,
    word(i, 21) || ' ' || trade(i, 22) as name,
    'G' || whole(i, 23, 12) as item_group,
    'pcs' as uom,
    draw(i, 24) >= 0.05 as is_stock,
    draw(i, 24) < 0.05 as is_service,
    'active' as status,
    money(1 + few(i, 25, 40000) * 0.01) as list_price,
    money(0.6 + few(i, 25, 40000) * 0.006) as standard_cost
from range(getvariable('items')) as t (i);

-- The first accounts are one to a company; the rest are second accounts of some.
create table accounts as
select
    i,
    case when i < getvariable('companies') then i
        else whole(i, 31, getvariable('companies')) end as company,
    case when draw(i, 32) < 0.7 then 'E1' else 'E2' end as entity_id,
    case when draw(i, 32) >= 0.7 then 'GBP' when draw(i, 33) < 0.03 then 'USD' else 'EUR' end
        as currency,
    1 + whole(i, 34, 4) as terms,
    draw(i, 35) < 0.25 as pays_monthly,
    draw(i, 36) < 0.06 as pays_late
from range(getvariable('accounts')) as t (i);

create table erp_account as
select
    'D' || i as account_id,
    entity_id,
    'D' || i as account_code,
    word(company, 1) || ' ' || trade(company, 2) || ' ' || company as name,
    word(company, 1) || ' ' || trade(company, 2) || ' ' || company || ' NV' as legal_name,
    typed_vat(company, 103) as vat_number,
    case when i >= getvariable('companies') and draw(i, 37) < 0.1 then 'D' || company end
        as bill_to_account_id,
    case when draw(i, 38) < 0.95 then 'open_item' else 'balance_forward' end as account_type,
    currency,
    (['N14', 'N30', 'N60', 'M10'])[terms] as payment_terms_code,
    'LIST' as price_list,
    'V21' as tax_code,
    'S' || whole(i, 39, 30) as salesperson_code,
    'T' || whole(i, 40, 8) as territory,
    'accounts@company' || company || '.example' as email,
    '+32 2 ' || (6000000 + i) as phone,
    whole(company, 6, 200) + 1 || ' ' || word(company, 7) || ' Street' as address_line1,
    word(company, 8) || 'stad' as city,
    cast(1000 + whole(company, 9, 8999) as varchar) as postcode,
    'BE' as country_code,
    case when draw(i, 41) < 0.01 then 'blocked_all' else 'active' end as status,
    case entity_id when 'E1' then '1400' else '1100' end as control_account,
    date '2019-01-01' + cast(whole(i, 42, 1500) as integer) as opened_on,
    case when draw(i, 43) < 0.6 then 'K' || company end as crm_company_ref,
    timestamp '2025-01-01 08:00:00' + to_hours(whole(i, 44, 12000)) as updated_at
from accounts;

create table erp_credit_profile as
select
    'D' || i as account_id,
    date '2023-01-01' as valid_from,
    case when draw(i, 45) >= 0.05 then money(1000 * (1 + few(i, 46, 500))) end as credit_limit,
    currency as limit_currency,
    draw(i, 47) < 0.01 as on_hold,
    case when draw(i, 47) < 0.01 then 'asked for by the credit controller' end as hold_reason,
    case when draw(i, 48) < 0.3
        then date '2026-01-01' + cast(whole(i, 49, 365) as integer) end as next_review,
    draw(i, 50) < 0.005 as bypass
from accounts;

-- -- orders ---------------------------------------------------------------------------
create table orders as
with dated as (
    select
        i,
        few(i, 51, getvariable('accounts')) as account,
        date '2023-07-01' + cast(
            floor(1095 * pow((i + 0.5) / getvariable('orders'), 0.85)) as integer)
            as order_date,
        draw(i, 52) as fate,
        draw(i, 53) as size
    from range(getvariable('orders')) as t (i)
)

select
    dated.*,
    accounts.entity_id,
    accounts.currency,
    accounts.terms,
    accounts.pays_monthly,
    accounts.pays_late,
    order_date + 1 + cast(whole(dated.i, 54, 21) as integer) as invoice_date,
    case when size < 0.2 then 1 when size < 0.4 then 2 when size < 0.6 then 3
        when size < 0.77 then 4 when size < 0.9 then 5 else 8 end as lines,
    case
        when fate < 0.012 then 'cancelled'
        when fate < 0.017 then 'on_hold'
        when order_date + 1 + cast(whole(dated.i, 54, 21) as integer) <= as_of()
            and fate >= 0.06 then 'invoiced'
        when fate < 0.02 then 'draft'
        when whole(dated.i, 55, 3) = 0 then 'part_shipped'
        else 'released'
    end as status,
    coalesce(fx_rate.rate, 1) as exchange_rate
from dated
inner join accounts on dated.account = accounts.i
left join fx_rate
    on accounts.currency = 'USD' and fx_rate.from_currency = 'USD'
        and fx_rate.rate_date = dated.order_date;

-- Some items are bought by many, and half of the second lines are of the item that goes
-- with the first one's.
create table lines as
with numbered as (
    select
        orders.i as order_no,
        orders.status,
        orders.i * 10 + line_no as n,
        line_no
    from orders, range(1, orders.lines + 1) as l (line_no)
), picked as (
    select
        *,
        case when line_no % 2 = 0 and draw(n, 65) < 0.5
            then xor(few(n - 1, 61, getvariable('items')), 1)
            else few(n, 61, getvariable('items')) end as item
    from numbered
)

select
    picked.*,
    1 + few(n, 62, 60) as quantity,
    case when draw(n, 63) < 0.2 then 5 * (1 + whole(n, 64, 4)) else 0 end as discount_pct,
    erp_item.list_price as unit_price,
    erp_item.standard_cost,
    erp_item.is_service,
    erp_item.name as description,
    money(cast(erp_item.list_price * quantity as decimal(18, 2))
        * (100 - discount_pct) * 0.01) as net_amount
from picked
inner join erp_item on 'A' || item = erp_item.item_id;

create table order_sums as
select order_no, sum(net_amount) as net, money(sum(net_amount) * 0.21) as tax
from lines
group by order_no;

create view erp_sales_order as
select
    'O' || i as order_id,
    entity_id,
    'D' || account as account_id,
    'SO-' || lpad(cast(i as varchar), 8, '0') as order_no,
    order_date,
    order_date + 3 + cast(whole(i, 56, 30) as integer) as requested_date,
    order_date + 5 + cast(whole(i, 56, 30) as integer) as promised_date,
    status,
    case when status = 'on_hold' then 'credit' end as hold_reason,
    currency,
    exchange_rate,
    net,
    tax,
    net + tax as total,
    case when status = 'cancelled' then order_date + 2 end as cancelled_on,
    'S' || whole(account, 39, 30) as salesperson_code,
    'road' as shipping_method_code,
    'PO' || (100000 + whole(i, 57, 900000)) as po_number,
    'web' as order_source
from orders
inner join order_sums on orders.i = order_sums.order_no
union all by name
select
    'BAD' || i as order_id, 'E1' as entity_id, 'NOBODY' as account_id, 'bad' as order_no,
    as_of() as order_date, 'released' as status, 'EUR' as currency, 1 as exchange_rate
from range(cast(ceil(getvariable('orders') / 2000) as bigint)) as t (i);

create view erp_sales_order_line as
select
    'O' || order_no || '-' || line_no as order_line_id,
    'O' || order_no as order_id,
    line_no,
    'A' || item as item_id,
    description,
    'pcs' as uom,
    cast(quantity as varchar) as qty_ordered,
    case status when 'invoiced' then quantity when 'part_shipped' then quantity // 2 else 0 end
        as qty_shipped,
    case status when 'invoiced' then quantity else 0 end as qty_invoiced,
    case status when 'cancelled' then quantity else 0 end as qty_cancelled,
    unit_price,
    discount_pct,
    net_amount,
    money(net_amount * 0.21) as tax_amount,
    case when is_service then 'service' else 'stock' end as fulfilment_type,
    false as is_closed_short
from lines
union all by name
select
    'BAD' || i as order_line_id, 'O' || i as order_id, 99 as line_no, 'bad' as description,
    'pcs' as uom, 'a dozen' as qty_ordered, 'stock' as fulfilment_type,
    false as is_closed_short
from range(cast(ceil(getvariable('orders') / 1000) as bigint)) as t (i);

-- -- the ledger -----------------------------------------------------------------------
-- An invoice is of one order; some carry a line for freight.
create table invoice_lines as
select
    order_no, line_no, 'A' || item as item_id, description, quantity, unit_price,
    discount_pct, net_amount, money(standard_cost * quantity) as cost_amount,
    'O' || order_no || '-' || line_no as order_line_id
from lines
where status = 'invoiced'
union all
select
    i, 9, null, 'Freight', 1, money(15), 0, money(15), null, null
from orders
where status = 'invoiced' and draw(i, 71) < 0.13;

create table invoices as
with summed as (
    select order_no, sum(net_amount) as net, money(sum(net_amount) * 0.21) as tax,
        arg_min(net_amount, line_no) as first_net
    from invoice_lines
    group by order_no
), judged as (
    select
        orders.*,
        summed.net,
        summed.tax,
        summed.net + summed.tax as amount,
        case when draw(orders.i, 72) < 0.045 then money(summed.first_net * 1.21) else 0 end
            as credited,
        summed.first_net,
        case terms
            when 4 then last_day(invoice_date) + 10
            else invoice_date + [14, 30, 60][terms]
        end as due_date,
        case
            when draw(orders.i, 73) < 0.002 then 'draft'
            when draw(orders.i, 73) < 0.005 then 'void'
            else 'posted'
        end as ledger_status
    from orders
    inner join summed on orders.i = summed.order_no
), paid as (
    select
        *,
        cast(due_date - 8 + cast(
            floor(pow(draw(i, 74), 2) * (30 + case when pays_late then 90 else 0 end))
            as integer) as date) as paid_on,
        case
            when draw(i, 75) < 0.01 then 0
            when draw(i, 75) < 0.05 then money((amount - credited) * 0.5)
            else amount - credited
        end as to_pay
    from judged
)

select
    *,
    ledger_status = 'posted' and paid_on <= as_of() and to_pay > 0 as is_paid,
    ledger_status = 'posted' and credited > 0 and invoice_date + 9 <= as_of()
        as is_credited,
    case when pays_monthly
        then 'R' || account || '-' || strftime(paid_on, '%y%m') else 'R' || i end as receipt_id
from paid;

create table receipts as
select
    receipt_id,
    any_value(account) as account,
    any_value(entity_id) as entity_id,
    any_value(currency) as currency,
    max(paid_on) as paid_on,
    sum(to_pay) as allocated,
    -- A few pay more than they owe; the rest stays on account.
    money(case when draw(receipt_id, 76) < 0.02 then sum(to_pay) * 1.1 else sum(to_pay) end)
        as amount
from invoices
where is_paid
group by receipt_id;

create view posted as
select
    'I' || i as document_id, entity_id, 'D' || account as account_id,
    'invoice' as document_type, 'INV-' || lpad(cast(i as varchar), 8, '0') as document_no,
    'PO' || (100000 + whole(i, 57, 900000)) as po_number, invoice_date as document_date,
    case when draw(i, 77) >= 0.03 then due_date end as due_date, currency, 1 as sign, amount,
    net as net_amount, tax as tax_amount, 'O' || i as order_id,
    -- Every fifth account has a service contract (extracts_crm.sql).
    case when account % 5 = 0 and draw(i, 78) < 0.05 then 'G' || account end as contract_id,
    'S' || whole(account, 39, 30) as salesperson_code, ledger_status as status,
    case when ledger_status = 'void' then invoice_date + 1 end as voided_on
from invoices
union all by name
select
    'C' || i as document_id, entity_id, 'D' || account as account_id,
    'credit_note' as document_type, 'CRN-' || lpad(cast(i as varchar), 8, '0') as document_no,
    invoice_date + 9 as document_date, currency, -1 as sign, credited as amount,
    first_net as net_amount, credited - first_net as tax_amount, 'O' || i as order_id,
    'posted' as status
from invoices
where is_credited
union all by name
select
    receipt_id as document_id, entity_id, 'D' || account as account_id,
    'receipt' as document_type, 'RC-' || receipt_id as document_no,
    paid_on as document_date, currency, -1 as sign, amount, 'posted' as status
from receipts;

create view booked as
select
    posted.*,
    coalesce(fx_rate.rate, 1) as exchange_rate,
    money(posted.amount * coalesce(fx_rate.rate, 1)) as base_amount
from posted
left join fx_rate
    on posted.currency = 'USD' and fx_rate.from_currency = 'USD'
        and fx_rate.rate_date = posted.document_date;

create view erp_ar_document as
select *, document_date as posting_date
from booked
union all by name
select
    'BAD' || i as document_id, 'E1' as entity_id, 'NOBODY' as account_id,
    'invoice' as document_type, 'bad' as document_no, as_of() as document_date,
    'EUR' as currency, 1 as sign, 10 as amount, 10 as base_amount, 1 as exchange_rate,
    'posted' as status
from range(cast(ceil(getvariable('orders') / 2000) as bigint)) as t (i);

create view erp_ar_document_line as
select
    'I' || order_no || '-' || line_no as line_id, 'I' || order_no as document_id, line_no,
    item_id, description, quantity, unit_price, discount_pct, net_amount,
    money(net_amount * 0.21) as tax_amount, 'V21' as tax_code, cost_amount, order_line_id
from invoice_lines
union all by name
select
    'C' || i || '-1' as line_id, 'C' || i as document_id, 1 as line_no,
    'Goods credited' as description, 1 as quantity, first_net as unit_price,
    first_net as net_amount, credited - first_net as tax_amount, 'V21' as tax_code
from invoices
where is_credited
union all by name
select
    'BAD' || i as line_id, 'I' || i as document_id, 1 as line_no, 1 as quantity,
    150 as discount_pct
from range(cast(ceil(getvariable('orders') / 1000) as bigint)) as t (i);

create view erp_ar_allocation as
select
    'P' || invoices.i as allocation_id, 'I' || invoices.i as debit_document_id,
    invoices.receipt_id as credit_document_id, receipts.paid_on as allocation_date,
    to_pay as amount, to_pay as credit_amount,
    money(to_pay * coalesce(fx_rate.rate, 1)) as base_amount
from invoices
inner join receipts on invoices.receipt_id = receipts.receipt_id
left join fx_rate
    on invoices.currency = 'USD' and fx_rate.from_currency = 'USD'
        and fx_rate.rate_date = receipts.paid_on
where is_paid
union all
select
    'Q' || i, 'I' || i, 'C' || i, invoice_date + 9, credited, credited,
    money(credited * coalesce(fx_rate.rate, 1))
from invoices
left join fx_rate
    on invoices.currency = 'USD' and fx_rate.from_currency = 'USD'
        and fx_rate.rate_date = invoices.invoice_date + 9
where is_credited;

create view erp_gl_control_balance as
select
    entity_id,
    case entity_id when 'E1' then '1400' else '1100' end as control_account,
    currency,
    as_of() as as_of,
    sum(sign * amount) as balance,
    sum(sign * base_amount) as base_balance
from booked
where status = 'posted'
group by entity_id, currency;

create table credit_rule as
select *
from (values
    ('manual', null), ('over_limit', null), ('days_overdue', 30), ('status_blocked', null)
) as r (rule, threshold)
cross join (values ('default', 'block')) as a (scope, action);

create table exposure_policy as
select *
from (values
    ('balance', true), ('open_orders', true), ('shipped_not_invoiced', true),
    ('unposted_invoices', true), ('prepayments', false), ('returns_pending', false)
) as t (term, counts);

create table ageing_profile as
select *
from (values
    ('standard', 'due_date', '30;60;90', 'separate', 'day'),
    ('auditor', 'document_date', '30;60;90;180;360', 'aged', 'day'),
    ('months', 'due_date', '0;1;2;5;11', 'separate', 'month')
) as t (profile, basis, edges, credits, unit);

create table dunning_policy as
select *
from (values
    (1, 7, 0, 'e-mail', 'reminder', 20, 0), (2, 21, 10, 'e-mail', 'second', 20, 0),
    (3, 40, 14, 'letter', 'last', 50, 8)
) as d (level, days_overdue, days_since_last, channel, template, minimum_amount,
    interest_pct_pa);
