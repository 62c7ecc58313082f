-- Grain: one row per credit subject and rule that is switched on for it.
-- The narrowest scope wins: the account, its customer, its group, default. A customer
-- and a group answer for their limits only; all else stands on the account.
-- Threshold: days or percent as stated, an amount in the subject's currency.
with subjects as (
    select * from {{ ref('int_credit_subjects') }}
),

rules as (
    select * from {{ ref('int_credit_rules') }}
),

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
),

candidates as (
    select
        subjects.level,
        subjects.id,
        rules.*,
        0 as width
    from subjects
    inner join rules
        on rules.scope_level = 'account'
            and subjects.account_key = rules.scope_id
    union all
    select
        subjects.level,
        subjects.id,
        rules.*,
        1 as width
    from subjects
    inner join rules
        on rules.scope_level = 'customer'
            and subjects.customer_id = rules.scope_id
    union all
    select
        subjects.level,
        subjects.id,
        rules.*,
        2 as width
    from subjects
    inner join rules
        on rules.scope_level = 'group'
            and subjects.group_id = rules.scope_id
    union all
    select
        subjects.level,
        subjects.id,
        rules.*,
        3 as width
    from subjects
    inner join rules on rules.scope_level = 'default'
),

ranked as (
    select
        *,
        row_number() over (
            partition by level, id, rule
            order by
                width,
                case action when 'block' then 0 when 'warn' then 1 else 2 end
        ) as choice
    from candidates
    where level = 'account'
        or rule in ('over_limit', 'limit_share', 'limit_expired')
)

select
    ranked.level,
    ranked.id,
    ranked.rule,
    ranked.scope_level,
    ranked.action,
    ranked.stops_prepaid_orders,
    ranked.stops_invoicing,
    case
        when ranked.rule not in ('over_limit', 'amount_overdue') then ranked.threshold
        else {{ convert('coalesce(ranked.threshold, 0)', 'fx_as_of.rate') }}
    end as threshold
from ranked
inner join subjects
    on ranked.level = subjects.level
        and ranked.id = subjects.id
left join fx_as_of
    on coalesce(ranked.currency, subjects.reporting_currency) = fx_as_of.from_currency
        and subjects.currency = fx_as_of.to_currency
where ranked.choice = 1
