-- Grain: one row per source, shared list, value and ERP that does not take it as it
-- should. Sources: int_list_gaps, int_list_mismatches, unprocessed_orders.
-- Amounts: what is open of the orders that wait for the value, net, as
-- unprocessed_orders has it.
with run_context as (
    select * from {{ ref('stg_run_context') }}
),

gaps as (
    select * from {{ ref('int_list_gaps') }}
),

nearest as (
    select * from {{ ref('int_list_nearest') }}
),

mismatches as (
    select * from {{ ref('int_list_mismatches') }}
),

orders as (
    select * from {{ ref('unprocessed_orders') }}
),

blocked as (
    select
        mismatches.source,
        mismatches.list_name,
        mismatches.list_value,
        mismatches.erp_source,
        orders.record_type,
        orders.order_no,
        orders.order_date,
        orders.currency,
        orders.open_net,
        orders.open_net_reporting
    from mismatches
    inner join orders
        on mismatches.record_type = orders.record_type
            and mismatches.record_key = orders.order_key
    where mismatches.is_blocking
),

blocked_currencies as (
    select
        source,
        list_name,
        list_value,
        erp_source,
        currency,
        sum(open_net) as open_net
    from blocked
    group by source, list_name, list_value, erp_source, currency
),

blocked_amounts as (
    select
        source,
        list_name,
        list_value,
        erp_source,
        {{ joined_text(amount_text('open_net') ~ " || ' ' || currency", 'currency') }}
            as amounts
    from blocked_currencies
    group by source, list_name, list_value, erp_source
),

blocked_orders as (
    select
        source,
        list_name,
        list_value,
        erp_source,
        count(case when record_type <> 'crm_quote' then 1 end) as orders,
        count(case when record_type = 'crm_quote' then 1 end) as quotes,
        {{ joined_text('order_no', 'order_no') }} as order_nos,
        min(order_date) as since,
        {{ money(known_sum('open_net_reporting')) }} as net_reporting
    from blocked
    group by source, list_name, list_value, erp_source
),

uses as (
    select
        source,
        list_name,
        list_value,
        erp_source,
        count(case when record_type = 'open_quote' then 1 end) as open_quotes,
        count(case when record_type = 'company' then 1 end) as companies,
        count(*) as records
    from mismatches
    group by source, list_name, list_value, erp_source
)

select
    run_context.as_of_date,
    gaps.source,
    gaps.list_name,
    gaps.list_value,
    gaps.erp_source,
    gaps.reason,
    gaps.is_blocking,
    gaps.mapped_code,
    gaps.mapped_by,
    nearest.nearest_code,
    nearest.nearest_label,
    nearest.similarity,
    coalesce(nearest.equally_near, 0) as equally_near,
    cast(coalesce(uses.records, 0) as integer) as uses,
    cast(coalesce(uses.companies, 0) as integer) as companies,
    cast(coalesce(uses.open_quotes, 0) as integer) as open_quotes,
    cast(coalesce(blocked_orders.quotes, 0) as integer) as blocked_quotes,
    cast(coalesce(blocked_orders.orders, 0) as integer) as blocked_orders,
    blocked_orders.order_nos as blocked_order_nos,
    blocked_orders.since as blocked_since,
    blocked_amounts.amounts as blocked_amounts,
    case
        when blocked_orders.order_nos is null then {{ money('0') }}
        else blocked_orders.net_reporting
    end as blocked_net_reporting,
    run_context.reporting_currency,
    run_context.is_forced
from gaps
cross join run_context
{%- for relation in ['nearest', 'uses', 'blocked_orders', 'blocked_amounts'] %}
left join {{ relation }}
    on gaps.source = {{ relation }}.source
        and gaps.list_name = {{ relation }}.list_name
        and gaps.list_value = {{ relation }}.list_value
        and gaps.erp_source = {{ relation }}.erp_source
{%- endfor %}
