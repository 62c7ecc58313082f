-- Grain: one row per account or customer, rule, and level at which what the rule finds
-- reaches it: itself, its customer, its group.
-- What is over the limit of its customer or group is held with it, unless its own rule
-- is off; of two actions the milder counts, and what either rule excludes goes on.
with rules as (
    select * from {{ ref('int_subject_rules') }}
    where action <> 'off'
),

subjects as (
    select * from {{ ref('int_credit_subjects') }}
    where level in ('account', 'customer')
),

-- Who a reason is about: the subject itself, its customer, its group.
reached as (
    select
        subjects.level,
        subjects.id,
        subjects.level as found_at,
        subjects.id as found_id,
        0 as distance
    from subjects
    union all
    select
        level,
        id,
        'customer' as found_at,
        customer_id as found_id,
        1 as distance
    from subjects
    where level = 'account'
    union all
    select
        level,
        id,
        'group' as found_at,
        group_id as found_id,
        2 as distance
    from subjects
)

select
    reached.level,
    reached.id,
    own_rules.rule,
    reached.found_at,
    reached.found_id,
    reached.distance,
    case
        when 'warn' in (found_rules.action, own_rules.action) then 'warn'
        else 'block'
    end as action,
    found_rules.stops_prepaid_orders and own_rules.stops_prepaid_orders
        as stops_prepaid_orders,
    found_rules.stops_invoicing and own_rules.stops_invoicing as stops_invoicing
from reached
inner join rules as own_rules
    on reached.level = own_rules.level
        and reached.id = own_rules.id
inner join rules as found_rules
    on reached.found_at = found_rules.level
        and reached.found_id = found_rules.id
        and own_rules.rule = found_rules.rule
