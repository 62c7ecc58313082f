-- Grain: one row per unprocessed order (or CRM quote), shared list and value that the
-- list does not know. record_type and record_key name the order.
-- A list counts as soon as it is delivered: by the order's own ERP, or for the CRM by a
-- tied ERP or by list_map. Payment terms of an ERP order are those of its account.
with erp_orders as (
    select
        orders.order_key,
        orders.source,
        orders.salesperson_code,
        orders.shipping_method_code,
        accounts.payment_terms_code
    from {{ ref('int_orders') }} as orders
    left join {{ ref('int_accounts') }} as accounts
        on orders.ordering_account_key = accounts.account_key
    where orders.qty_to_ship > 0
        or orders.qty_to_bill > 0
),

crm_orders as (
    select * from {{ ref('int_crm_orders_waiting') }}
),

crm_lines as (
    select * from {{ ref('int_crm_lines') }}
),

known as (
    select * from {{ ref('int_list_values') }}
),

checked as (
    select
        source,
        list_name
    from known
    union
    select
        crm_source as source,
        list_name
    from {{ ref('stg_list_map') }}
),

used as (
    {%- for list_name, column in [
        ('salesperson', 'salesperson_code'),
        ('shipping_method', 'shipping_method_code'),
        ('payment_terms', 'payment_terms_code'),
    ] %}
    select
        'erp_order' as record_type,
        order_key as record_key,
        source,
        '{{ list_name }}' as list_name,
        {{ column }} as list_value
    from erp_orders
    union all
    {%- endfor %}
    {%- for list_name in [
        'salesperson', 'shipping_method', 'payment_terms', 'price_list', 'currency',
    ] %}
    select
        record_type,
        record_key,
        source,
        '{{ list_name }}' as list_name,
        {{ list_name }} as list_value
    from crm_orders
    union all
    {%- endfor %}
    {%- for list_name, column in [
        ('item', 'item_code'), ('tax_code', 'tax_code'), ('uom', 'uom'),
    ] %}
    select
        crm_orders.record_type,
        crm_orders.record_key,
        crm_orders.source,
        '{{ list_name }}' as list_name,
        crm_lines.{{ column }} as list_value
    from crm_orders
    inner join crm_lines
        on crm_orders.record_type = crm_lines.record_type
            and crm_orders.record_key = crm_lines.record_key
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select distinct
    used.record_type,
    used.record_key,
    used.source,
    used.list_name,
    used.list_value
from used
inner join checked
    on used.source = checked.source
        and used.list_name = checked.list_name
left join known
    on used.source = known.source
        and used.list_name = known.list_name
        and used.list_value = known.list_value
where used.list_value is not null
    and known.list_value is null
