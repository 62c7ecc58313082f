-- Grain: one row per account and item that the account is likely to be asked a price
-- for: one was agreed with it, it bought or ordered the item, or its customer has a CRM
-- order or an open quote over it. Every account times every item would be 200 million
-- rows of a firm with 10,000 accounts and 20,000 items. Of a deleted account, or an
-- item that may no longer be sold, there is none.
with accounts as (
    select * from {{ ref('int_accounts') }}
    where deleted_on is null
),

items as (
    select
        item.source,
        item.item_key,
        item.item_code
    from {{ ref('stg_erp_item') }} as item
    inner join {{ ref('int_list_codes') }} as codes
        on item.source = codes.source
            and codes.list_name = 'item'
            and item.item_code = codes.code
    where codes.is_active
),

agreed as (
    select distinct
        account_key,
        item_key
    from {{ ref('int_valid_prices') }}
    where account_key is not null
),

bought as (
    select
        invoices.ordering_account_key as account_key,
        lines.item_key,
        max(invoices.posting_date) as last_bought_on
    from {{ ref('int_invoices') }} as invoices
    inner join {{ ref('stg_erp_ar_document_line') }} as lines
        on invoices.document_key = lines.document_key
    where invoices.document_type = 'invoice'
        and lines.item_key is not null
    group by invoices.ordering_account_key, lines.item_key
),

ordered as (
    select distinct
        headers.ordering_account_key as account_key,
        lines.item_key
    from {{ ref('int_order_headers') }} as headers
    inner join {{ ref('stg_erp_sales_order_line') }} as lines
        on headers.order_key = lines.order_key
    where lines.item_key is not null
        and not headers.is_cancelled
),

quoted as (
    select distinct
        accounts.account_key,
        items.item_key
    from {{ ref('int_list_uses') }} as uses
    inner join {{ ref('int_list_meanings') }} as meanings
        on uses.source = meanings.source
            and uses.list_name = meanings.list_name
            and uses.list_value = meanings.list_value
            and uses.erp_source = meanings.erp_source
    inner join items
        on meanings.erp_source = items.source
            and meanings.erp_code = items.item_code
    inner join {{ ref('int_account_customer') }} as account_customer
        on uses.customer_id = account_customer.customer_id
    inner join accounts
        on account_customer.account_key = accounts.account_key
            and items.source = accounts.source
    where uses.list_name = 'item'
        and meanings.problem is null
),

asked as (
    {%- for relation in ['agreed', 'bought', 'ordered', 'quoted'] %}
    select
        account_key,
        item_key
    from {{ relation }}
    {{ 'union' if not loop.last }}
    {%- endfor %}
)

select
    asked.account_key,
    asked.item_key,
    agreed.account_key is not null as is_agreed,
    bought.account_key is not null as is_bought,
    ordered.account_key is not null as is_ordered,
    quoted.account_key is not null as is_quoted,
    bought.last_bought_on
from asked
inner join accounts on asked.account_key = accounts.account_key
inner join items on asked.item_key = items.item_key
{%- for relation in ['agreed', 'bought', 'ordered', 'quoted'] %}
left join {{ relation }}
    on asked.account_key = {{ relation }}.account_key
        and asked.item_key = {{ relation }}.item_key
{%- endfor %}
