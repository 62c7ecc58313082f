-- Grain: one row per account, item that it is likely to be asked a price for, currency
-- and quantity from which the price holds. Source: int_account_prices.
-- Amounts: currency of the row. Tax: by the tax code of the account.
with run_context as (
    select
        as_of_date,
        is_forced
    from {{ ref('stg_run_context') }}
),

prices as (
    select
        *,
        {{ discounted('unit_price', 'discount_pct', '1') }} as net_price,
        min_qty = max(case when min_qty <= 1 then min_qty end) over (
            partition by account_key, item_key, currency
        ) as is_for_one
    from {{ ref('int_account_prices') }}
),

account_items as (
    select * from {{ ref('int_account_items') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

stated_accounts as (
    select * from {{ ref('stg_erp_account') }}
),

account_customer as (
    select * from {{ ref('int_account_customer') }}
),

customers as (
    select * from {{ ref('int_customers') }}
),

item as (
    select * from {{ ref('stg_erp_item') }}
),

tax_rates as (
    select * from {{ ref('int_tax_rates') }}
)

select
    run_context.as_of_date,
    accounts.source,
    account_customer.customer_id,
    customers.customer_name,
    prices.account_key,
    accounts.account_code,
    accounts.entity_key,
    prices.item_key,
    item.item_code,
    item.name as item_name,
    item.item_group,
    item.uom,
    prices.currency,
    prices.min_qty,
    coalesce(prices.is_for_one, false) as is_for_one,
    prices.price_rule,
    prices.price_list,
    prices.unit_price,
    prices.discount_pct,
    prices.net_price,
    stated_accounts.tax_code,
    tax_rates.tax_pct,
    {{ with_tax('prices.net_price', 'tax_rates.tax_pct') }} as gross_price,
    prices.valid_from,
    prices.valid_to,
    account_items.is_agreed,
    account_items.is_bought,
    account_items.is_ordered,
    account_items.is_quoted,
    account_items.last_bought_on,
    run_context.is_forced
from prices
cross join run_context
inner join account_items
    on prices.account_key = account_items.account_key
        and prices.item_key = account_items.item_key
inner join accounts on prices.account_key = accounts.account_key
inner join stated_accounts on prices.account_key = stated_accounts.account_key
inner join account_customer on prices.account_key = account_customer.account_key
inner join customers on account_customer.customer_id = customers.customer_id
inner join item on prices.item_key = item.item_key
left join tax_rates
    on accounts.source = tax_rates.source
        and stated_accounts.tax_code = tax_rates.tax_code
