{#- The select of unbroken periods: rows with period_from and period_until (exclusive)
    that touch or overlap, within the named columns, as one. Equal periods are counted
    together (`range`): which of them comes first is not the same in both windows. -#}
{% macro unbroken_periods(relation, columns) -%}
    select
        {{ columns | join(', ') }},
        min(period_from) as period_from,
        max(period_until) as period_until
    from (
        select
            *,
            sum(is_first) over (
                partition by {{ columns | join(', ') }}
                order by period_from, period_until
                range between unbounded preceding and current row
            ) as period_no
        from (
            select
                *,
                case
                    when period_from <= max(period_until) over (
                        partition by {{ columns | join(', ') }}
                        order by period_from, period_until
                        rows between unbounded preceding and 1 preceding
                    ) then 0
                    else 1
                end as is_first
            from {{ relation }}
        ) as marked
    ) as numbered
    group by {{ columns | join(', ') }}, period_no
{%- endmacro %}

{#- The first and the last day of a period, as they stand after the name of a reason;
    the first only where it is known, the last only where the period has ended. -#}
{% macro period_text(period_from, period_until) -%}
    case
        when {{ period_from }} > {{ first_day_ever() }}
            then ' from ' || cast({{ period_from }} as varchar)
        else ''
    end || case
        when {{ period_until }} < {{ last_day_ever() }}
            then ' to ' || cast({{ add_days(period_until, -1) }} as varchar)
        else ''
    end
{%- endmacro %}

{#- What ends a reason, as a person says it. -#}
{% macro hold_end_text(rule) -%}
    case {{ rule }}
        when 'manual' then 'released'
        when 'over_limit' then 'within the limit again'
        when 'days_overdue' then 'what was too old was settled'
        when 'amount_overdue' then 'enough of what was overdue was settled'
        when 'limit_expired' then 'a limit holds again'
        when 'review_expired' then 'reviewed'
        when 'limit_share' then 'enough of the limit is free again'
    end
{%- endmacro %}
