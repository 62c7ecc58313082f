-- Grain: one row per account or customer that a blocking or warning rule reaches.
-- Amounts in the subject's currency. To be released it must pay the most that any one
-- money reason asks for; no payment releases it while another reason remains. It is
-- held since the period of its history began that is still open.
with reasons as (
    select * from {{ ref('int_reaching_reasons') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by level, id
            order by
                case action when 'block' then 0 else 1 end,
                rule_rank,
                case found_at when 'account' then 0 when 'customer' then 1 else 2 end
        ) as place
    from reasons
),

summed as (
    select
        level,
        id,
        bool_or(action = 'block') as is_held,
        bool_or(action = 'block' and stops_prepaid_orders) as stops_prepaid_orders,
        bool_or(action = 'block' and stops_invoicing) as stops_invoicing,
        max(case when place = 1 and action = 'block' then rule end) as leading_reason,
        max(case when place = 1 and action = 'block' then found_at end)
            as leading_level,
        {{ joined_text("case when action = 'block' then reason end", 'place') }}
            as reasons,
        {{ joined_text("case when action = 'warn' then reason end", 'place') }}
            as warnings,
        cast(count(case when action = 'block' then 1 end) as integer) as reason_count,
        case
            when bool_and(is_money and to_pay is not null)
                filter (where action = 'block')
                then {{ money("max(case when action = 'block' then to_pay end)") }}
        end as amount_to_release,
        max(manual_reason) as manual_reason,
        max(manual_set_by) as manual_set_by,
        max(manual_until) as manual_until
    from ranked
    group by level, id
),

open_periods as (
    select
        level,
        id,
        held_from
    from {{ ref('credit_hold_history') }}
    where is_open
)

select
    summed.*,
    open_periods.held_from as held_since
from summed
left join open_periods
    on summed.level = open_periods.level
        and summed.id = open_periods.id
