-- Grain: one row per account, item (int_account_items), currency and quantity from
-- which the price holds. Amounts: currency of the row.
-- What was agreed with the account comes before its price list, and that before the
-- list price of the item, each from its own least quantity on: below what was agreed
-- the price list holds, and where neither has a price for one unit, the item's own.
-- An account that trades in one currency has prices in that one; any other in those its
-- prices are in, else in its ledger's. The item's own price is in the base currency and
-- is converted at the last rate on or before the as-of date.
with wanted as (
    select
        account_items.account_key,
        account_items.item_key,
        accounts.source,
        accounts.base_currency,
        accounts.currency as account_currency,
        stated.price_list,
        item.list_price
    from {{ ref('int_account_items') }} as account_items
    inner join {{ ref('int_accounts') }} as accounts
        on account_items.account_key = accounts.account_key
    inner join {{ ref('stg_erp_account') }} as stated
        on account_items.account_key = stated.account_key
    inner join {{ ref('stg_erp_item') }} as item
        on account_items.item_key = item.item_key
),

valid_prices as (
    select * from {{ ref('int_valid_prices') }}
),

fx_rates as (
    select * from {{ ref('int_fx_as_of') }}
),

found as (
    select
        wanted.account_key,
        wanted.item_key,
        valid_prices.currency,
        valid_prices.min_qty,
        'account_price' as price_rule,
        valid_prices.price_list,
        valid_prices.unit_price,
        valid_prices.discount_pct,
        valid_prices.valid_from,
        valid_prices.valid_to
    from wanted
    inner join valid_prices
        on wanted.account_key = valid_prices.account_key
            and wanted.item_key = valid_prices.item_key
    where coalesce(wanted.account_currency, valid_prices.currency)
        = valid_prices.currency
    union all
    select
        wanted.account_key,
        wanted.item_key,
        valid_prices.currency,
        valid_prices.min_qty,
        'price_list' as price_rule,
        valid_prices.price_list,
        valid_prices.unit_price,
        valid_prices.discount_pct,
        valid_prices.valid_from,
        valid_prices.valid_to
    from wanted
    inner join valid_prices
        on wanted.source = valid_prices.source
            and wanted.price_list = valid_prices.price_list
            and wanted.item_key = valid_prices.item_key
    where valid_prices.account_key is null
        and coalesce(wanted.account_currency, valid_prices.currency)
        = valid_prices.currency
),

-- Prices may be agreed with an account under several codes of lists: the lowest holds.
ranked as (
    select
        *,
        row_number() over (
            partition by account_key, item_key, currency, min_qty
            order by
                price_rule,
                {{ discounted('unit_price', 'discount_pct', '1') }},
                price_list
        ) as choice,
        min(case when price_rule = 'account_price' then min_qty end) over (
            partition by account_key, item_key, currency
        ) as agreed_from,
        min(min_qty) over (partition by account_key, item_key, currency) as any_from
    from found
),

priced as (
    select * from ranked
    where choice = 1
        and (
            price_rule = 'account_price'
            or agreed_from is null
            or min_qty < agreed_from
        )
),

currencies as (
    select distinct
        account_key,
        item_key,
        currency,
        any_from
    from priced
),

own_priced as (
    select
        wanted.account_key,
        wanted.item_key,
        coalesce(
            currencies.currency, wanted.account_currency, wanted.base_currency
        ) as currency,
        wanted.base_currency,
        wanted.list_price,
        currencies.account_key is null as is_only_price
    from wanted
    left join currencies
        on wanted.account_key = currencies.account_key
            and wanted.item_key = currencies.item_key
    where currencies.account_key is null
        or (currencies.any_from > 1 and wanted.list_price is not null)
)

select
    account_key,
    item_key,
    currency,
    min_qty,
    price_rule,
    price_list,
    unit_price,
    discount_pct,
    valid_from,
    valid_to
from priced
union all
select
    own_priced.account_key,
    own_priced.item_key,
    own_priced.currency,
    {{ qty('0') }} as min_qty,
    case when own_priced.list_price is null then 'no_price' else 'item_price' end
        as price_rule,
    cast(null as varchar) as price_list,
    {{ convert('own_priced.list_price', 'fx_rates.rate') }} as unit_price,
    {{ rate('null') }} as discount_pct,
    cast(null as date) as valid_from,
    cast(null as date) as valid_to
from own_priced
left join fx_rates
    on own_priced.base_currency = fx_rates.from_currency
        and own_priced.currency = fx_rates.to_currency
