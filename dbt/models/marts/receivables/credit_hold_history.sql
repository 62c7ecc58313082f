-- Grain: one row per account or customer and unbroken period on hold, up to the as-of
-- date. By dated facts as they are known today, not by what was published then.
with hold_periods as (
    select * from {{ ref('int_hold_periods') }}
),

manual_holds as (
    select * from {{ ref('int_manual_holds') }}
),

profiles as (
    select * from {{ ref('int_account_limit_periods') }}
),

subjects as (
    select * from {{ ref('int_credit_subjects') }}
),

run_context as (
    select
        as_of_date,
        is_forced
    from {{ ref('stg_run_context') }}
),

periods as (
    {{ unbroken_periods('hold_periods', ['level', 'id']) }}
),

-- One row per period and reason: a reason may have held it several times.
reasons as (
    select
        periods.level,
        periods.id,
        periods.period_from,
        hold_periods.rule,
        hold_periods.found_at,
        {{ hold_rank('hold_periods.rule') }} as rule_rank,
        case hold_periods.found_at
            when hold_periods.level then ''
            else hold_periods.found_at || ': '
        end || hold_periods.rule as reason,
        min(hold_periods.period_from) as reason_from,
        case
            when max(hold_periods.period_until) > max(run_context.as_of_date)
                then {{ last_day_ever() }}
            else max(hold_periods.period_until)
        end as reason_until,
        max(hold_periods.period_until) = max(periods.period_until) as ends_with_period
    from periods
    inner join hold_periods
        on periods.level = hold_periods.level
            and periods.id = hold_periods.id
            and periods.period_from <= hold_periods.period_from
            and periods.period_until >= hold_periods.period_until
    cross join run_context
    group by
        periods.level,
        periods.id,
        periods.period_from,
        hold_periods.level,
        hold_periods.rule,
        hold_periods.found_at
),

ranked as (
    select
        *,
        row_number() over (
            partition by level, id, period_from
            order by
                rule_rank,
                case found_at when level then 0 when 'customer' then 1 else 2 end
        ) as place,
        row_number() over (
            partition by level, id, period_from, rule, ends_with_period
            order by case found_at when level then 0 when 'customer' then 1 else 2 end
        ) as sighting
    from reasons
),

told as (
    select
        level,
        id,
        period_from,
        max(case when place = 1 then rule end) as leading_reason,
        {{ joined_text('reason', 'place') }} as reasons,
        cast(count(*) as integer) as reason_count,
        {{ joined_text('reason || ' ~ period_text('reason_from', 'reason_until'),
            'place') }} as reason_periods,
        {{ joined_text('case when ends_with_period then reason end', 'place') }}
            as last_reasons,
        {{ joined_text(
            'case when ends_with_period and sighting = 1 then '
            ~ hold_end_text('rule') ~ ' end',
            'place'
        ) }} as how_reasons_end
    from ranked
    group by level, id, period_from
),

-- The last manual hold within a period, if any.
by_hand as (
    select
        periods.id as account_key,
        periods.period_from,
        manual_holds.hold_set_by,
        manual_holds.hold_reason,
        row_number() over (
            partition by periods.id, periods.period_from
            order by manual_holds.held_from desc
        ) as age
    from periods
    inner join manual_holds
        on periods.level = 'account'
            and periods.id = manual_holds.account_key
            and periods.period_from < manual_holds.held_until
            and periods.period_until > manual_holds.held_from
    inner join reasons
        on periods.level = reasons.level
            and periods.id = reasons.id
            and periods.period_from = reasons.period_from
            and reasons.rule = 'manual'
),

dated as (
    select
        periods.*,
        subjects.name,
        subjects.account_key,
        subjects.customer_id,
        subjects.group_id,
        subjects.as_of_date,
        case
            when periods.period_from > {{ first_day_ever() }} then periods.period_from
        end as held_from,
        periods.period_until > subjects.as_of_date as is_open
    from periods
    inner join subjects
        on periods.level = subjects.level
            and periods.id = subjects.id
)

select
    dated.level,
    dated.id,
    dated.name,
    dated.account_key,
    dated.customer_id,
    dated.group_id,
    cast(
        row_number() over (
            partition by dated.level, dated.id
            order by dated.period_from
        ) as integer
    ) as period_no,
    dated.held_from,
    case when not dated.is_open then {{ add_days('dated.period_until', -1) }} end
        as held_to,
    dated.is_open,
    {{ days_between(
        'dated.held_from',
        'least(dated.period_until, ' ~ add_days('dated.as_of_date', 1) ~ ')'
    ) }} as days_held,
    told.leading_reason,
    told.reasons,
    told.reason_count,
    told.reason_periods,
    by_hand.hold_set_by as manual_set_by,
    by_hand.hold_reason as manual_reason,
    case when not dated.is_open then told.last_reasons end as last_reasons,
    case
        when dated.is_open then null
        when profiles.account_key is not null then 'kept off the hold list'
        else told.how_reasons_end
    end as how_it_ended,
    dated.as_of_date,
    run_context.is_forced
from dated
inner join told
    on dated.level = told.level
        and dated.id = told.id
        and dated.period_from = told.period_from
cross join run_context
left join by_hand
    on dated.account_key = by_hand.account_key
        and dated.period_from = by_hand.period_from
        and by_hand.age = 1
left join profiles
    on dated.account_key = profiles.account_key
        and dated.period_until = profiles.valid_from
        and profiles.bypass
