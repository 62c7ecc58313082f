-- Grain: one row per price list, account (null = for every account), item, currency and
-- quantity from which the price holds: the price that is valid at the as-of date. Of
-- several that are, the one that became valid last.
with prices as (
    select * from {{ ref('stg_erp_price') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

ranked as (
    select
        prices.*,
        row_number() over (
            partition by
                prices.source,
                prices.price_list,
                prices.account_key,
                prices.item_key,
                prices.currency,
                prices.min_qty
            order by prices.valid_from desc
        ) as choice
    from prices
    inner join run_context
        on prices.valid_from <= run_context.as_of_date
            and coalesce(prices.valid_to, run_context.as_of_date)
            >= run_context.as_of_date
)

select
    source,
    price_list,
    account_key,
    item_key,
    currency,
    min_qty,
    unit_price,
    discount_pct,
    valid_from,
    valid_to
from ranked
where choice = 1
