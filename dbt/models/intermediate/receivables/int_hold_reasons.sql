-- Grain: one row per credit subject and rule that finds something against it.
-- Every rule is evaluated, whether it blocks or warns. `to_pay`: the payment after
-- which a money rule finds nothing any more, in the subject's currency; null for the
-- others.
with rules as (
    select * from {{ ref('int_subject_rules') }}
    where action <> 'off'
),

exposures as (
    select * from {{ ref('credit_exposure') }}
),

account_limits as (
    select * from {{ ref('int_account_limits') }}
),

accounts as (
    select * from {{ ref('int_billed_accounts') }}
),

overdue as (
    select * from {{ ref('int_account_overdue') }}
),

-- One credit_exposure row per subject; at level account, the account's profile and its
-- overdue sums beside it.
facts as (
    select
        rules.level,
        rules.id,
        rules.rule,
        rules.action,
        rules.threshold,
        rules.stops_prepaid_orders,
        rules.stops_invoicing,
        exposures.currency,
        exposures.exposure,
        exposures.credit_limit,
        exposures.limit_source,
        exposures.used_pct,
        exposures.valid_to,
        exposures.is_limit_expired,
        exposures.has_receivables,
        exposures.bypass,
        exposures.as_of_date,
        exposures.is_over_limit,
        account_limits.is_on_hold,
        account_limits.hold_reason,
        account_limits.hold_set_by,
        account_limits.hold_until,
        account_limits.next_review,
        accounts.status,
        overdue.oldest_days,
        overdue.overdue,
        overdue.overdue_beyond
    from rules
    inner join exposures
        on rules.level = exposures.level
            and rules.id = exposures.id
    left join account_limits on exposures.account_key = account_limits.account_key
    left join accounts on exposures.account_key = accounts.account_key
    left join overdue
        on exposures.account_key = overdue.account_key
            and rules.rule = overdue.rule
),

found as (
    select
        *,
        case rule
            when 'manual' then is_on_hold
            when 'over_limit'
                then is_over_limit and exposure > credit_limit + threshold
            when 'days_overdue'
                then has_receivables and oldest_days > coalesce(threshold, 0)
            when 'amount_overdue' then has_receivables and overdue > threshold
            when 'limit_expired'
                then is_limit_expired
                    and (level <> 'customer' or limit_source = 'steward')
            when 'review_expired' then next_review < as_of_date
            when 'status_blocked' then {{ is_blocked('status') }}
            when 'limit_share' then has_receivables and used_pct > threshold
        end as is_found
    from facts
)

select
    level,
    id,
    rule,
    {{ hold_rank('rule') }} as rule_rank,
    action,
    stops_prepaid_orders,
    stops_invoicing,
    bypass,
    currency,
    {{ is_money_rule('rule') }} as is_money,
    {{ hold_text() }} as reason,
    case rule
        when 'over_limit' then {{ money('exposure - credit_limit - threshold') }}
        when 'days_overdue' then overdue_beyond
        when 'amount_overdue' then {{ money('overdue - threshold') }}
        when 'limit_share'
            then {{ money('exposure - ' ~ convert(
                'credit_limit', 'threshold * cast(0.01 as decimal(3, 2))'
            )) }}
    end as to_pay,
    case when rule = 'manual' then hold_reason end as manual_reason,
    case when rule = 'manual' then hold_set_by end as manual_set_by,
    case when rule = 'manual' then hold_until end as manual_until
from found
where is_found
