-- Grain: one row per item and other item that is bought together with it often enough.
-- Shares of baskets, 0 to 1; a basket is one invoice, or one sold order.
with rules as (
    select * from {{ ref('int_item_rules') }}
),

items as (
    select
        item_key,
        item_code,
        name,
        item_group
    from {{ ref('stg_erp_item') }}
),

run_context as (
    select
        as_of_date,
        is_forced
    from {{ ref('stg_run_context') }}
)

select
    rules.source,
    rules.item_key,
    items.item_code,
    items.name as item_name,
    items.item_group,
    rules.other_item_key,
    others.item_code as other_item_code,
    others.name as other_item_name,
    others.item_group as other_item_group,
    rules.support,
    rules.confidence,
    rules.lift,
    cast(rules.baskets_with_both as integer) as baskets_with_both,
    cast(rules.baskets_with_item as integer) as baskets_with_item,
    cast(rules.baskets_with_other as integer) as baskets_with_other,
    cast(rules.all_baskets as integer) as all_baskets,
    run_context.as_of_date,
    run_context.is_forced
from rules
cross join run_context
left join items on rules.item_key = items.item_key
left join items as others on rules.other_item_key = others.item_key
