-- Grain: one row per account or customer, rule, and level at which the rule found it.
-- An account that bypasses the list is reached by nothing, one without receivables by
-- no money reason.
with reasons as (
    select * from {{ ref('int_hold_reasons') }}
),

reach as (
    select * from {{ ref('int_rule_reach') }}
),

subjects as (
    select * from {{ ref('int_credit_subjects') }}
    where not bypass
),

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
),

-- Where a customer has one account, its figures are found twice: the account's own
-- stay.
found as (
    select
        reach.level,
        reach.id,
        reach.rule,
        reach.found_at,
        reasons.rule_rank,
        reach.action,
        reach.stops_prepaid_orders,
        reach.stops_invoicing,
        reasons.is_money,
        reasons.reason,
        case
            when reasons.currency = subjects.currency then reasons.to_pay
            else {{ convert('reasons.to_pay', 'fx_as_of.rate') }}
        end as to_pay,
        reasons.manual_reason,
        reasons.manual_set_by,
        reasons.manual_until,
        row_number() over (
            partition by reach.level, reach.id, reach.rule, reasons.reason
            order by reach.distance
        ) as sighting
    from reach
    inner join reasons
        on reach.found_at = reasons.level
            and reach.found_id = reasons.id
            and reach.rule = reasons.rule
    inner join subjects
        on reach.level = subjects.level
            and reach.id = subjects.id
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
    reason as finding,
    case when found_at = level then '' else found_at || ': ' end || reason as reason,
    to_pay,
    manual_reason,
    manual_set_by,
    manual_until
from found
where sighting = 1
