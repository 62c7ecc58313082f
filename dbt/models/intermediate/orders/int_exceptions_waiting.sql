-- Grain: one row per unprocessed order or order line that needs a person, and kind.
-- Amounts: document currency. What is processed to the end needs nobody any more.
with waiting_orders as (
    select * from {{ ref('unprocessed_orders') }}
),

waiting_lines as (
    select * from {{ ref('unprocessed_order_lines') }}
),

unknown_values as (
    select distinct
        record_type,
        record_key,
        list_name,
        list_value
    from {{ ref('int_list_mismatches') }}
    where is_blocking
),

mismatches as (
    select
        record_type,
        record_key,
        {{ joined_text("list_name || ' ' || list_value", 'list_name, list_value') }}
            as list_values
    from unknown_values
    group by record_type, record_key
),

headers as (
    select * from {{ ref('int_order_headers') }}
),

holds as (
    select * from {{ ref('int_account_hold') }}
),

orders as (
    select
        waiting_orders.*,
        'order ' || waiting_orders.order_no || ' of ' || waiting_orders.customer_name
            as title,
        coalesce(waiting_orders.owner, 'sales') as person,
        mismatches.list_values,
        coalesce(holds.is_held, false)
        and waiting_orders.reasons like '%credit_hold%' as is_on_credit_hold,
        holds.reasons as credit_reasons,
        greatest(holds.held_since, waiting_orders.order_date) as held_since,
        headers.hold_reason,
        coalesce(headers.is_shipped, false) as is_finished
    from waiting_orders
    left join mismatches
        on waiting_orders.record_type = mismatches.record_type
            and waiting_orders.order_key = mismatches.record_key
    left join headers
        on case
            when waiting_orders.record_type = 'erp_order' then waiting_orders.order_key
        end = headers.order_key
    left join holds on waiting_orders.bill_to_account_key = holds.account_key
),

lines as (
    select
        *,
        'line ' || line_no || ' of order ' || order_no || ' of ' || customer_name
            as title,
        coalesce(owner, 'sales') as person
    from waiting_lines
    where record_type = 'erp_order'
)

{%- set look = 'unprocessed_orders' %}
{{ exception_rows('orders', 'order_not_handed_over', 'order_key',
    "'CRM ' || title || ': no ERP order answers it'",
    'order_date', 'order_total', 'currency', 'person', look,
    "record_type = 'crm_order'") }}
union all
{{ exception_rows('orders', 'quote_not_handed_over', 'order_key',
    "'accepted quote ' || order_no || ' of ' || customer_name
        || ': no order answers it'",
    'order_date', 'order_total', 'currency', 'person', look,
    "record_type = 'crm_quote'") }}
union all
{{ exception_rows('orders', 'order_list_mismatch', 'order_key',
    "title || ': not in the list: ' || list_values",
    'order_date', 'open_net', 'currency', "'data'", look,
    "record_type <> 'crm_quote' and list_values is not null") }}
union all
{{ exception_rows('orders', 'quote_list_mismatch', 'order_key',
    "'quote ' || order_no || ' of ' || customer_name || ': not in the list: '
        || list_values",
    'order_date', 'open_net', 'currency', "'data'", look,
    "record_type = 'crm_quote' and list_values is not null") }}
union all
{{ exception_rows('orders', 'order_on_credit_hold', 'order_key',
    "title || ': ' || coalesce(credit_reasons, 'the account is on hold')",
    'coalesce(held_since, order_date)', 'open_net', 'currency', "'finance'",
    'credit_hold', "record_type = 'erp_order' and is_on_credit_hold") }}
union all
{{ exception_rows('orders', 'order_on_hold', 'order_key',
    "title || ' is on hold' || coalesce(': ' || hold_reason, '')",
    'order_date', 'open_net', 'currency', 'person', look,
    "record_type = 'erp_order' and status = 'on_hold'") }}
union all
{{ exception_rows('orders', 'finished_order_open', 'order_key',
    "title || ' is ' || status || ', but dated lines leave something to ship'",
    'order_date', 'open_net', 'currency', "'data'", look,
    'is_finished and lines_to_ship > 0') }}
union all
{{ exception_rows('lines', 'order_line_unpriced', 'order_line_key',
    "title || ' states no price'",
    'order_date', 'null', 'currency', 'person', 'unprocessed_order_lines',
    'is_unpriced') }}
union all
{{ exception_rows('lines', 'order_line_over_delivered', 'order_line_key',
    "title || ': shipped more than was ordered'",
    'order_date', 'open_net', 'currency', 'person', 'unprocessed_order_lines',
    'qty_over_delivered > 0') }}
