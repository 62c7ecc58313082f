-- What the front office knows: people, campaigns, opportunities, quotes, orders, contracts
-- and cases. Made after extracts_trade.sql, in the terms of extracts.sql.
-- Quotes follow every sixth ERP order, CRM orders every twentieth.

create table crm_user as
select
    'U' || i as user_id,
    'User ' || i as name,
    true as active,
    'S' || i as salesperson_code
from range(20) as t (i);

create table crm_contact as
select
    'P' || i as contact_id,
    'K' || i as company_id,
    word(i, 301) as first_name,
    trade(i, 302) || ' ' || i as last_name,
    'person@company' || i || '.example' as email,
    draw(i, 303) < 0.3 as is_accounts_contact
from range(getvariable('companies')) as t (i);

create table crm_activity as
select
    'V' || i as activity_id,
    'K' || whole(i, 304, getvariable('companies')) as company_id,
    (['call', 'email', 'meeting', 'task', 'letter'])[1 + whole(i, 305, 5)] as type,
    'Talked about ' || word(i, 306) as subject,
    timestamp '2023-07-01 08:00:00' + to_hours(whole(i, 307, 26000)) as at,
    'U' || whole(i, 308, 20) as user_id
from range(getvariable('companies') * 3) as t (i);

-- -- campaigns -------------------------------------------------------------------------
create table crm_campaign as
select
    'M' || i as campaign_id,
    word(i, 311) || ' ' || i as name,
    'e-mail' as type,
    'finished' as status,
    date '2023-07-01' + cast(i * 1060 // (getvariable('companies') // 250 + 1) as integer)
        as start_date,
    money(1000 + few(i, 312, 20000)) as actual_cost,
    'EUR' as currency,
    -- A campaign of four parts.
    case when i % 5 > 0 then 'M' || (i - i % 5) end as parent_campaign_id
from range(getvariable('companies') // 250 + 1) as t (i);

create table crm_campaign_member as
with addressed as (
    select distinct
        whole(n, 313, getvariable('companies') // 250 + 1) as campaign,
        whole(n, 314, getvariable('companies')) as company
    from range(getvariable('companies') * 4) as t (n)
)

select
    'M' || campaign as campaign_id,
    'K' || company as member_id,
    'K' || company as company_id,
    draw(hash(campaign, company), 315) < 0.25 as responded,
    case when draw(hash(campaign, company), 315) < 0.24 then crm_campaign.start_date
        + to_hours(whole(hash(campaign, company), 316, 900)) end as first_responded_at
from addressed
inner join crm_campaign on 'M' || campaign = crm_campaign.campaign_id;

-- -- opportunities, quotes, orders -----------------------------------------------------
create table offered as
select
    orders.i,
    accounts.company,
    orders.currency,
    orders.order_date,
    orders.status,
    orders.terms,
    order_sums.net,
    order_sums.tax,
    draw(orders.i, 321) as fate
from orders
inner join order_sums on orders.i = order_sums.order_no
inner join accounts on orders.account = accounts.i
where orders.i % 6 = 0;

create table crm_opportunity as
select
    'Z' || i as opportunity_id,
    'K' || company as company_id,
    'Opportunity ' || i as name,
    case when order_date > as_of() - 60 then 'proposal' when fate < 0.6 then 'won'
        else 'lost' end as stage,
    order_date <= as_of() - 60 and fate < 0.6 as is_won,
    order_date <= as_of() - 60 as is_closed,
    net as amount,
    currency,
    case when order_date > as_of() - 60
        then as_of() - 20 + cast(whole(i, 322, 200) as integer) else order_date end
        as close_date,
    case when draw(i, 323) < 0.1
        then 'M' || whole(i, 324, getvariable('companies') // 250 + 1) end as campaign_id,
    'U' || whole(i, 325, 20) as owner_user_id,
    cast(order_date - 40 as timestamp) as created_at
from offered;

create table crm_quote as
select
    'N' || i as quote_id,
    'K' || company as company_id,
    'Z' || i as opportunity_id,
    'Q-' || lpad(cast(i as varchar), 8, '0') as quote_number,
    case
        when fate < 0.55 then 'ordered'
        when fate < 0.6 then 'accepted'
        when order_date > as_of() - 60 then 'presented'
        else 'lost'
    end as status,
    order_date + 45 as valid_until,
    currency,
    'LIST' as price_list,
    (['N14', 'N30', 'N60', 'M10'])[terms] as payment_terms,
    case when draw(i, 326) < 0.97 then 'road' else 'by road' end as shipping_method,
    net,
    tax,
    net + tax as total,
    case when fate < 0.55 then 'SO-' || lpad(cast(i as varchar), 8, '0') end
        as erp_order_ref,
    cast(order_date - 10 as timestamp) as created_at
from offered;

create view offered_line as
select
    order_no,
    line_no,
    'A-' || lpad(cast(item as varchar), 6, '0') as item_code,
    description,
    quantity,
    'pcs' as uom,
    unit_price,
    discount_pct,
    'V21' as tax_code,
    net_amount
from lines;

create view crm_quote_line as
select
    'N' || order_no || '-' || line_no as quote_line_id,
    'N' || order_no as quote_id,
    * exclude (order_no)
from offered_line
where order_no % 6 = 0;

-- One of thirty is answered by no ERP order.
create table crm_order as
select
    'W' || orders.i as order_id,
    'K' || accounts.company as company_id,
    'W-' || lpad(cast(orders.i as varchar), 8, '0') as order_number,
    'confirmed' as status,
    orders.order_date,
    orders.order_date + 20 as requested_date,
    orders.currency,
    'LIST' as price_list,
    case when draw(orders.i, 327) < 0.97 then 'road' else 'by road' end as shipping_method,
    order_sums.net,
    order_sums.tax,
    order_sums.net + order_sums.tax as total,
    case when draw(orders.i, 328) < 0.97
        then 'SO-' || lpad(cast(orders.i as varchar), 8, '0') end as erp_order_ref,
    cast(orders.order_date as timestamp) as created_at
from orders
inner join order_sums on orders.i = order_sums.order_no
inner join accounts on orders.account = accounts.i
where orders.i % 20 = 1;

create view crm_order_line as
select
    'W' || order_no || '-' || line_no as order_line_id,
    'W' || order_no as order_id,
    * exclude (order_no)
from offered_line
where order_no % 20 = 1;

-- -- service ---------------------------------------------------------------------------
-- Every fifth account has a contract; some of its invoices bill it.
create table crm_service_contract as
select
    'G' || i as contract_id,
    'K' || company as company_id,
    'maintenance' as type,
    date '2024-01-01' + cast(whole(i, 331, 900) as integer) as start_date,
    date '2025-01-01' + cast(whole(i, 331, 900) as integer) as end_date,
    money(500 + few(i, 332, 20000)) as value,
    currency,
    'gold' as sla_policy,
    20 + whole(i, 333, 100) as included_hours,
    'active' as status
from accounts
where i % 5 = 0;

create table crm_case as
with opened as (
    select
        n,
        whole(n, 334, getvariable('accounts') // 5) * 5 as account,
        timestamp '2024-01-01 08:00:00' + to_minutes(whole(n, 335, 1300000)) as opened_at
    from range(getvariable('companies')) as t (n)
)

select
    'J' || n as case_id,
    'K' || accounts.company as company_id,
    case when draw(n, 336) < 0.8 then 'G' || opened.account end as contract_id,
    opened_at,
    opened_at + to_minutes(whole(n, 337, 600)) as first_response_at,
    case when draw(n, 338) < 0.95 then opened_at + to_minutes(600 + whole(n, 339, 9000)) end
        as resolved_at,
    'gold' as sla_policy,
    opened_at + to_minutes(480) as first_response_due_at,
    opened_at + to_minutes(5760) as resolution_due_at,
    30 + whole(n, 340, 400) as time_spent_minutes
from opened
inner join accounts on opened.account = accounts.i;

create table erp_service_cost as
select
    'F' || n as cost_id,
    case when draw(n, 341) < 0.8 then 'G' || account end as contract_id,
    'D' || account as account_id,
    cast(date '2024-01-01' + cast(whole(n, 342, 900) as integer) as date) as cost_date,
    (['labour', 'parts', 'travel'])[1 + whole(n, 343, 3)] as type,
    1 + whole(n, 344, 8) as hours,
    money(40 + few(n, 345, 800)) as amount
from (
    select n, whole(n, 346, getvariable('accounts') // 5) * 5 as account
    from range(getvariable('companies') * 2) as t (n)
) as spent;
