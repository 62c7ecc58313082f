-- Grain: one row per customer and item code that it has, waits for or asks for, so that
-- nobody has to offer it: it was invoiced, ordered or shipped, or is in a CRM order
-- that no ERP order answers yet, in an accepted quote or in one that is still open.
-- Codes are those of the ERPs: a CRM's code is what the shared lists make of it.
with invoiced as (
    select
        customer_id,
        item_code
    from {{ ref('purchase_history') }}
    where document_type <> 'credit_note'
        and quantity > 0
        and item_code is not null
),

ordered as (
    select
        account_customer.customer_id,
        items.item_code
    from {{ ref('int_order_lines') }} as order_lines
    inner join {{ ref('stg_erp_item') }} as items
        on order_lines.item_key = items.item_key
    inner join {{ ref('int_account_customer') }} as account_customer
        on order_lines.ordering_account_key = account_customer.account_key
    where not order_lines.is_cancelled
        and order_lines.qty_ordered > 0
),

shipped as (
    select
        customer_id,
        item_code
    from {{ ref('shipping_history') }}
    where quantity > 0
        and item_code is not null
),

crm_records as (
    select
        record_type,
        record_key,
        customer_id
    from {{ ref('int_crm_orders_waiting') }}
    union all
    select
        quotes.record_type,
        quotes.record_key,
        company_customer.customer_id
    from {{ ref('int_crm_records') }} as quotes
    inner join {{ ref('int_company_customer') }} as company_customer
        on quotes.company_key = company_customer.company_key
    where quotes.is_open_quote
),

asked as (
    select
        crm_records.customer_id,
        meanings.erp_code as item_code
    from crm_records
    inner join {{ ref('int_crm_lines') }} as lines
        on crm_records.record_type = lines.record_type
            and crm_records.record_key = lines.record_key
    inner join {{ ref('int_list_meanings') }} as meanings
        on lines.source = meanings.source
            and lines.item_code = meanings.list_value
            and meanings.list_name = 'item'
    where meanings.problem is null
)

{% for relation in ['invoiced', 'ordered', 'shipped', 'asked'] %}
select
    customer_id,
    item_code
from {{ relation }}
{{ 'union' if not loop.last }}
{%- endfor %}
