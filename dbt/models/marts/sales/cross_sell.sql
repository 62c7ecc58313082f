-- Grain: one row per customer and item that it neither has nor waits or asks for and
-- that others often buy with what it bought: the best few of a customer
-- (`cross_sell.per_customer`). Of an item that may no longer be sold there is none.
-- A suggestion rests on the rules of int_item_rules that say more than chance (lift
-- over 1); its figures are those of the surest of them.
-- Rules are ranked once, the surest first, so that of millions of reasons whole numbers
-- are compared; in words they are told of what is suggested in the end alone.
with rules as (
    select
        rules.item_key,
        rules.other_item_key,
        rules.support,
        rules.confidence,
        rules.lift,
        items.item_code,
        row_number() over (
            order by
                rules.confidence desc, rules.lift desc, rules.support desc,
                rules.other_item_key asc, items.item_code asc
        ) as sureness
    from {{ ref('int_item_rules') }} as rules
    inner join {{ ref('stg_erp_item') }} as items on rules.item_key = items.item_key
    where rules.lift > 1
),

run_context as (
    select
        as_of_date,
        is_forced,
        suggestions_per_customer
    from {{ ref('stg_run_context') }}
),

items as (
    select
        items.item_key,
        items.item_code,
        items.name,
        items.item_group
    from {{ ref('stg_erp_item') }} as items
    inner join {{ ref('int_list_codes') }} as codes
        on items.source = codes.source
            and codes.list_name = 'item'
            and items.item_code = codes.code
    where codes.is_active
),

bought as (
    select distinct
        customer_id,
        item_key
    from {{ ref('purchase_history') }}
    where document_type <> 'credit_note'
        and quantity > 0
        and item_code is not null
),

had as (
    select * from {{ ref('int_customer_items') }}
),

reasons as (
    select
        bought.customer_id,
        rules.other_item_key as item_key,
        min(rules.sureness) as sureness
    from bought
    inner join rules on bought.item_key = rules.item_key
    group by bought.customer_id, rules.other_item_key
),

-- What a customer has from one ledger no other ledger offers it under the same code.
ranked as (
    select
        reasons.customer_id,
        reasons.item_key,
        items.item_code,
        items.name as item_name,
        items.item_group,
        reasons.sureness,
        row_number() over (
            partition by reasons.customer_id
            order by reasons.sureness
        ) as suggestion
    from reasons
    inner join items on reasons.item_key = items.item_key
    left join had
        on reasons.customer_id = had.customer_id
            and items.item_code = had.item_code
    where had.item_code is null
),

suggested as (
    select ranked.*
    from ranked
    cross join run_context
    where ranked.suggestion <= run_context.suggestions_per_customer
),

because as (
    select
        suggested.customer_id,
        suggested.item_key,
        rules.item_code,
        row_number() over (
            partition by suggested.customer_id, suggested.item_key
            order by rules.sureness
        ) as place
    from suggested
    inner join rules on suggested.item_key = rules.other_item_key
    inner join bought
        on suggested.customer_id = bought.customer_id
            and rules.item_key = bought.item_key
),

told as (
    select
        customer_id,
        item_key,
        {{ joined_text('case when place <= 5 then item_code end', 'place') }}
            as rests_on,
        count(*) as rests_on_items
    from because
    group by customer_id, item_key
)

select
    suggested.customer_id,
    customers.customer_name,
    customers.group_id,
    cast(suggested.suggestion as integer) as rank,
    suggested.item_key,
    suggested.item_code,
    suggested.item_name,
    suggested.item_group,
    rules.support,
    rules.confidence,
    rules.lift,
    told.rests_on,
    cast(told.rests_on_items as integer) as rests_on_items,
    run_context.as_of_date,
    run_context.is_forced
from suggested
cross join run_context
inner join rules on suggested.sureness = rules.sureness
inner join told
    on suggested.customer_id = told.customer_id
        and suggested.item_key = told.item_key
inner join {{ ref('int_customers') }} as customers
    on suggested.customer_id = customers.customer_id
