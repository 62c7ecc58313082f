-- Grain: one row per item and other item of the same source that is in enough baskets
-- with it: in three or more, in the share of all baskets of the source that the
-- configuration asks for (support), and in the share of those with the first item
-- (confidence).
-- Lift: how much likelier the second item is in a basket with the first than in any.
with baskets as (
    select * from {{ ref('int_baskets') }}
),

run_context as (
    select
        minimum_support,
        minimum_confidence
    from {{ ref('stg_run_context') }}
),

totals as (
    select
        source,
        count(distinct sale_key) as baskets
    from baskets
    group by source
),

items as (
    select
        source,
        item_key,
        count(*) as baskets
    from baskets
    group by source, item_key
),

-- What is in too few baskets is in too few with any other: it is in no pair.
frequent as (
    select
        items.source,
        items.item_key,
        items.baskets,
        totals.baskets as all_baskets
    from items
    inner join totals on items.source = totals.source
    cross join run_context
    where items.baskets >= 3
        and items.baskets >= run_context.minimum_support * totals.baskets
),

kept as (
    select
        baskets.sale_key,
        baskets.item_key
    from baskets
    inner join frequent on baskets.item_key = frequent.item_key
),

pairs as (
    select
        one.item_key,
        other.item_key as other_item_key,
        count(*) as baskets
    from kept as one
    inner join kept as other
        on one.sale_key = other.sale_key
            and one.item_key < other.item_key
    group by one.item_key, other.item_key
    having count(*) >= 3
),

both_ways as (
    select
        item_key,
        other_item_key,
        baskets
    from pairs
    union all
    select
        other_item_key as item_key,
        item_key as other_item_key,
        baskets
    from pairs
)

select
    one.source,
    both_ways.item_key,
    both_ways.other_item_key,
    both_ways.baskets as baskets_with_both,
    one.baskets as baskets_with_item,
    other.baskets as baskets_with_other,
    one.all_baskets,
    {{ ratio('both_ways.baskets', 'one.all_baskets') }} as support,
    {{ ratio('both_ways.baskets', 'one.baskets') }} as confidence,
    {{ ratio('both_ways.baskets * one.all_baskets', 'one.baskets * other.baskets') }}
        as lift
from both_ways
inner join frequent as one on both_ways.item_key = one.item_key
inner join frequent as other on both_ways.other_item_key = other.item_key
cross join run_context
where both_ways.baskets >= run_context.minimum_support * one.all_baskets
    and both_ways.baskets >= run_context.minimum_confidence * one.baskets
