-- Grain: one row per account or customer, rule, and level at which the rule found it.
-- What is over the limit of its customer or group is held with it, unless its own rule
-- is off; of two actions the milder counts, and what either rule excludes goes on. An account that bypasses the list is
-- reached by nothing, one without receivables by no money reason.
with reasons as (
    select * from {{ ref('int_hold_reasons') }}
),

rules as (
    select * from {{ ref('int_subject_rules') }}
    where action <> 'off'
),

subjects as (
    select * from {{ ref('int_credit_subjects') }}
    where level in ('account', 'customer')
        and not bypass
),

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
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
),

-- Where a customer has one account, its figures are found twice: the account's own
-- stay.
found as (
    select
        reached.level,
        reached.id,
        reasons.rule,
        reached.found_at,
        reasons.rule_rank,
        case when 'warn' in (reasons.action, rules.action) then 'warn' else 'block' end
            as action,
        reasons.stops_prepaid_orders and rules.stops_prepaid_orders
            as stops_prepaid_orders,
        reasons.stops_invoicing and rules.stops_invoicing as stops_invoicing,
        reasons.is_money,
        reasons.reason,
        reasons.since,
        case
            when reasons.currency = subjects.currency then reasons.to_pay
            else {{ convert('reasons.to_pay', 'fx_as_of.rate') }}
        end as to_pay,
        reasons.manual_reason,
        reasons.manual_set_by,
        reasons.manual_until,
        row_number() over (
            partition by reached.level, reached.id, reasons.rule, reasons.reason
            order by reached.distance
        ) as sighting
    from reached
    inner join reasons
        on reached.found_at = reasons.level
            and reached.found_id = reasons.id
    inner join rules
        on reached.level = rules.level
            and reached.id = rules.id
            and reasons.rule = rules.rule
    inner join subjects
        on reached.level = subjects.level
            and reached.id = subjects.id
    left join fx_as_of
        on reasons.currency = fx_as_of.from_currency
            and subjects.currency = fx_as_of.to_currency
    where subjects.has_receivables
        or not reasons.is_money
)

select
    level,
    id,
    rule,
    found_at,
    rule_rank,
    action,
    stops_prepaid_orders,
    stops_invoicing,
    is_money,
    case when found_at = level then '' else found_at || ': ' end || reason as reason,
    since,
    to_pay,
    manual_reason,
    manual_set_by,
    manual_until
from found
where sighting = 1
