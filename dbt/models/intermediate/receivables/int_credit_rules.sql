-- Grain: one row per credit rule and scope, the scope resolved to the subject it names.
-- Where no rule is delivered at all: a manual hold, over the limit, a limit that
-- expired and a status blocked in the ERP block, and nothing else does.
with credit_rule as (
    select
        credit_rule.*,
        row_number() over (
            partition by credit_rule.rule, credit_rule.scope
            order by credit_rule.source
        ) as choice
    from {{ ref('stg_credit_rule') }} as credit_rule
),

scope_ids as (
    select * from {{ ref('int_scope_ids') }}
),

delivered as (
    select
        rule,
        case
            when scope = 'default' then 'default'
            else substr(scope, 1, {{ position_of(':', 'scope') }} - 1)
        end as scope_level,
        case
            when scope <> 'default'
                then substr(scope, {{ position_of(':', 'scope') }} + 1)
        end as named_id,
        threshold,
        currency,
        action,
        -- Where nothing is stated, prepaid orders and invoicing go on.
        coalesce(';' || exclude || ';' not like '%;prepaid_orders;%', false)
            as stops_prepaid_orders,
        coalesce(';' || exclude || ';' not like '%;invoicing;%', false)
            as stops_invoicing
    from credit_rule
    where choice = 1
),

built_in as (
    select 'manual' as rule
    union all
    select 'over_limit' as rule
    union all
    select 'limit_expired' as rule
    union all
    select 'status_blocked' as rule
)

select
    delivered.rule,
    delivered.scope_level,
    scope_ids.id as scope_id,
    delivered.threshold,
    delivered.currency,
    delivered.action,
    delivered.stops_prepaid_orders,
    delivered.stops_invoicing
from delivered
left join scope_ids
    on delivered.scope_level = scope_ids.level
        and delivered.named_id = scope_ids.named_id
where delivered.scope_level = 'default'
    or scope_ids.id is not null
union all
select
    built_in.rule,
    'default' as scope_level,
    cast(null as varchar) as scope_id,
    {{ money('null') }} as threshold,
    cast(null as varchar) as currency,
    'block' as action,
    false as stops_prepaid_orders,
    false as stops_invoicing
from built_in
left join (select count(*) as rules from credit_rule) as counted on true
where counted.rules = 0
