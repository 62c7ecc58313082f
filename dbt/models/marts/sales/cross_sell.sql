-- Grain: one row per customer and item that it never bought and that others often buy
-- with what it did: the best few of a customer (`cross_sell.per_customer`).
-- A suggestion rests on the rules of int_item_rules that say more than chance (lift
-- over 1); its figures are those of the surest of them.
with rules as (
    select * from {{ ref('int_item_rules') }}
    where lift > 1
),

run_context as (
    select
        as_of_date,
        is_forced,
        suggestions_per_customer
    from {{ ref('stg_run_context') }}
),

discontinued as (
    select distinct
        source,
        code
    from {{ ref('stg_erp_list_value') }}
    where list_name = 'item'
        and not active
),

items as (
    select
        items.item_key,
        items.item_code,
        items.name,
        items.item_group,
        discontinued.code is null as is_offered
    from {{ ref('stg_erp_item') }} as items
    left join discontinued
        on items.source = discontinued.source
            and items.item_code = discontinued.code
),

bought as (
    select distinct
        customer_id,
        item_key,
        item_code
    from {{ ref('purchase_history') }}
    where document_type <> 'credit_note'
        and quantity > 0
        and item_code is not null
),

owned_codes as (
    select distinct
        customer_id,
        item_code
    from bought
),

-- What a customer has from one ledger no other ledger offers it under the same code.
reasons as (
    select
        bought.customer_id,
        bought.item_code as because_of,
        rules.other_item_key as item_key,
        items.item_code,
        items.name as item_name,
        items.item_group,
        rules.support,
        rules.confidence,
        rules.lift,
        row_number() over (
            partition by bought.customer_id, rules.other_item_key
            order by
                rules.confidence desc, rules.lift desc, rules.support desc,
                bought.item_code asc
        ) as place
    from bought
    inner join rules on bought.item_key = rules.item_key
    inner join items on rules.other_item_key = items.item_key
    left join owned_codes
        on bought.customer_id = owned_codes.customer_id
            and items.item_code = owned_codes.item_code
    where owned_codes.item_code is null
        and items.is_offered
),

suggested as (
    select
        customer_id,
        item_key,
        max(item_code) as item_code,
        max(item_name) as item_name,
        max(item_group) as item_group,
        max(case when place = 1 then support end) as support,
        max(case when place = 1 then confidence end) as confidence,
        max(case when place = 1 then lift end) as lift,
        {{ joined_text('case when place <= 5 then because_of end', 'place') }}
            as rests_on,
        count(*) as rests_on_items
    from reasons
    group by customer_id, item_key
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id
            order by confidence desc, lift desc, support desc, item_key asc
        ) as suggestion
    from suggested
)

select
    ranked.customer_id,
    customers.customer_name,
    customers.group_id,
    cast(ranked.suggestion as integer) as rank,
    ranked.item_key,
    ranked.item_code,
    ranked.item_name,
    ranked.item_group,
    ranked.support,
    ranked.confidence,
    ranked.lift,
    ranked.rests_on,
    cast(ranked.rests_on_items as integer) as rests_on_items,
    run_context.as_of_date,
    run_context.is_forced
from ranked
cross join run_context
inner join {{ ref('int_customers') }} as customers
    on ranked.customer_id = customers.customer_id
where ranked.suggestion <= run_context.suggestions_per_customer
