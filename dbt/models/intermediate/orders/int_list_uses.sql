-- Grain: one row per record, shared list, value that it states and ERP that has to
-- understand it. record_type and record_key name the record: an unprocessed order
-- (erp_order, crm_order, crm_quote), a quote that is still open (open_quote), or a
-- company that is not deleted.
-- A record of the CRM goes to the ERPs in which its customer has accounts; without any,
-- to one of those the CRM is tied to. Payment terms of an ERP order are those of its
-- account.
with companies as (
    select
        companies.*,
        customers.customer_id
    from {{ ref('int_companies') }} as companies
    inner join {{ ref('int_customers') }} as customers
        on companies.surviving_company_key = customers.company_key
),

erp_orders as (
    select
        orders.order_key as record_key,
        orders.source,
        orders.salesperson_code as salesperson,
        orders.shipping_method_code as shipping_method,
        accounts.payment_terms_code as payment_terms
    from {{ ref('int_orders') }} as orders
    left join {{ ref('int_accounts') }} as accounts
        on orders.ordering_account_key = accounts.account_key
    where orders.qty_to_ship > 0
        or orders.qty_to_bill > 0
),

crm_orders as (
    select
        record_type,
        record_type as line_type,
        record_key,
        source,
        customer_id,
        salesperson,
        shipping_method,
        payment_terms,
        price_list,
        currency
    from {{ ref('int_crm_orders_waiting') }}
    union all
    select
        'open_quote' as record_type,
        quotes.record_type as line_type,
        quotes.record_key,
        quotes.source,
        companies.customer_id,
        quotes.salesperson,
        quotes.shipping_method,
        quotes.payment_terms,
        quotes.price_list,
        quotes.currency
    from {{ ref('int_crm_records') }} as quotes
    inner join companies on quotes.company_key = companies.company_key
    where quotes.is_open_quote
),

crm_lines as (
    select * from {{ ref('int_crm_lines') }}
),

prospects as (
    select
        'company' as record_type,
        companies.company_key as record_key,
        companies.source,
        companies.customer_id,
        stated.territory,
        stated.owner_user_id as salesperson
    from companies
    inner join {{ ref('stg_crm_company') }} as stated
        on companies.company_key = stated.company_key
    where companies.deleted_on is null
        and companies.company_key = companies.surviving_company_key
),

stated as (
    {%- for relation, lists in [
        ('crm_orders', [
            'salesperson', 'shipping_method', 'payment_terms', 'price_list', 'currency',
        ]),
        ('prospects', ['salesperson', 'territory']),
    ] %}
    {%- for list_name in lists %}
    select
        record_type,
        record_key,
        source,
        customer_id,
        '{{ list_name }}' as list_name,
        {{ list_name }} as list_value
    from {{ relation }}
    where {{ list_name }} is not null
    union all
    {%- endfor %}
    {%- endfor %}
    {%- for list_name, column in [
        ('item', 'item_code'), ('tax_code', 'tax_code'), ('uom', 'uom'),
    ] %}
    select
        crm_orders.record_type,
        crm_orders.record_key,
        crm_orders.source,
        crm_orders.customer_id,
        '{{ list_name }}' as list_name,
        crm_lines.{{ column }} as list_value
    from crm_orders
    inner join crm_lines
        on crm_orders.line_type = crm_lines.record_type
            and crm_orders.record_key = crm_lines.record_key
    where crm_lines.{{ column }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

customer_ledgers as (
    select distinct
        account_customer.customer_id,
        accounts.crm_source,
        accounts.source as erp_source
    from {{ ref('int_tied_accounts') }} as accounts
    inner join {{ ref('int_account_customer') }} as account_customer
        on accounts.account_key = account_customer.account_key
    where accounts.deleted_on is null
),

-- A customer without an account may get one in any ERP.
targets as (
    select * from customer_ledgers
    union all
    select distinct
        customers.customer_id,
        ties.crm_source,
        ties.erp_source
    from {{ ref('int_customers') }} as customers
    cross join {{ ref('stg_source_tie') }} as ties
    left join customer_ledgers
        on customers.customer_id = customer_ledgers.customer_id
            and ties.crm_source = customer_ledgers.crm_source
    where customer_ledgers.customer_id is null
)

select distinct
    stated.record_type,
    stated.record_key,
    stated.source,
    stated.list_name,
    stated.list_value,
    targets.erp_source,
    stated.customer_id
from stated
inner join targets
    on stated.customer_id = targets.customer_id
        and stated.source = targets.crm_source
union all
{%- for list_name in ['salesperson', 'shipping_method', 'payment_terms'] %}
select
    'erp_order' as record_type,
    record_key,
    source,
    '{{ list_name }}' as list_name,
    {{ list_name }} as list_value,
    source as erp_source,
    cast(null as varchar) as customer_id
from erp_orders
where {{ list_name }} is not null
{{ 'union all' if not loop.last }}
{%- endfor %}
