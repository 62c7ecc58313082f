-- Grain: one row per customer that is held itself or by one of its accounts.
-- Its own reasons come first; those of an account follow with its key, unless they are
-- the customer's too. Amount: reporting currency.
with holds as (
    select * from {{ ref('credit_hold') }}
),

reasons as (
    select * from {{ ref('int_reaching_reasons') }}
    where action = 'block'
),

of_customers as (
    select distinct
        id as customer_id,
        rule,
        finding
    from reasons
    where level = 'customer'
),

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
),

weighed as (
    select
        holds.customer_id,
        holds.level,
        holds.id,
        holds.held_since,
        reasons.reason,
        reasons.rule_rank,
        reasons.found_at,
        reasons.level = 'account' and of_customers.rule is not null as is_told_already,
        case when reasons.is_money then {{ convert('reasons.to_pay', 'fx_as_of.rate') }}
        end as to_pay
    from holds
    inner join reasons
        on holds.level = reasons.level
            and holds.id = reasons.id
    left join of_customers
        on holds.customer_id = of_customers.customer_id
            and reasons.rule = of_customers.rule
            and reasons.finding = of_customers.finding
    left join fx_as_of
        on holds.currency = fx_as_of.from_currency
            and holds.reporting_currency = fx_as_of.to_currency
),

-- What an account pays for its own reasons counts for those of its customer and group.
held as (
    select
        customer_id,
        level,
        id,
        max(held_since) as held_since,
        {{ joined_text('case when not is_told_already then reason end',
            'rule_rank, found_at') }} as reasons,
        count(to_pay) = count(*) as is_payable,
        max(case when found_at = 'account' then to_pay end) as to_pay_itself,
        max(case when found_at <> 'account' then to_pay end) as to_pay_together
    from weighed
    group by customer_id, level, id
)

select
    customer_id,
    {{ joined_text(
        "case when level = 'account' then id || ': ' || reasons else reasons end",
        'level desc, id'
    ) }} as hold_reasons,
    case when count(held_since) = count(*) then min(held_since) end as held_since,
    cast(count(case when level = 'account' then 1 end) as integer) as held_accounts,
    case
        when bool_and(is_payable) then {{ money(
            'greatest(coalesce(sum(to_pay_itself), 0), '
            ~ 'coalesce(max(to_pay_together), 0))'
        ) }}
    end as amount_to_release_reporting
from held
group by customer_id
