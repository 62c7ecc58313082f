{#- Where a service contract stands at a day: cancelled, draft, not_started, in_cover (its
    first and last day included) or lapsed. The CRM's status bears no day: a contract
    that was called off, or never signed, is so at every date. -#}
{% macro contract_state(status, start_date, end_date, day) -%}
    case
        when lower(trim({{ status }})) in (
            'cancelled', 'canceled', 'terminated', 'withdrawn', 'rejected', 'void'
        ) then 'cancelled'
        when lower(trim({{ status }})) in ('draft', 'proposed', 'quoted') then 'draft'
        when {{ day }} < {{ start_date }} then 'not_started'
        when {{ day }} <= {{ end_date }} then 'in_cover'
        else 'lapsed'
    end
{%- endmacro %}

{#- Whether what was due at a moment was done by then: met, missed, or pending while it is
    not done and the day it is due on is still to come; null where nothing was agreed.
    The as-of date counts to its end, as everything that happened on it does. -#}
{% macro sla_state(due_at, done_at, as_of_date) -%}
    case
        when {{ due_at }} is null then null
        when {{ done_at }} <= {{ due_at }} then 'met'
        when {{ done_at }} is not null then 'missed'
        when cast({{ due_at }} as date) <= {{ as_of_date }} then 'missed'
        else 'pending'
    end
{%- endmacro %}

{#- Met in percent of met and missed; null where nothing has been decided. -#}
{% macro met_pct(met, missed) -%}
    {{ ratio('(' ~ met ~ ') * 100', met ~ ' + ' ~ missed) }}
{%- endmacro %}
