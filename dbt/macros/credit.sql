{#- What a limit means: not known, none, cash only, or an amount. -#}
{% macro limit_state(limit_source, credit_limit) -%}
    case
        when {{ limit_source }} is null then 'unknown'
        when {{ credit_limit }} is null then 'none'
        when {{ credit_limit }} <= 0 then 'cash_only'
        else 'amount'
    end
{%- endmacro %}

{#- Of several dated rows, which counts on a day: the last to have begun of those that
    are still valid; where none is, the last one that was. -#}
{% macro in_force_first(relation, day) -%}
    case
        when {{ relation }}.valid_to < {{ day }} then {{ relation }}.valid_to
        else {{ last_day_ever() }}
    end desc,
    {{ relation }}.valid_from desc
{%- endmacro %}

{#- The day a period ends that begins on `day`: the next one, or the last day ever. -#}
{% macro next_day(partition_by, day) -%}
    coalesce(
        lead({{ day }}) over (partition by {{ partition_by }} order by {{ day }}),
        {{ last_day_ever() }}
    )
{%- endmacro %}

{% macro exposure_terms() -%}
    {{ return([
        'balance', 'open_orders', 'shipped_not_invoiced', 'unposted_invoices',
        'prepayments', 'returns_pending'
    ]) }}
{%- endmacro %}

{#- Zero where a left join found no row; null in a row that was found stays null. -#}
{% macro zero_if_absent(key, amount) -%}
    {{ money('case when ' ~ key ~ ' is null then 0 else ' ~ amount ~ ' end') }}
{%- endmacro %}

{#- An amount of a ledger in the currency a credit subject is compared in. What is in
    that currency already is not converted; but into the reporting currency, amounts go
    from the base amount like every balance: a row has one figure for one thing. -#}
{% macro compared(relation, amount, subject, fx) -%}
    case
        when {{ relation }}.currency = {{ subject }}.currency
            and {{ subject }}.currency <> {{ subject }}.reporting_currency
            then {{ money(relation ~ '.' ~ amount) }}
        else {{ convert(relation ~ '.' ~ amount ~ '_base', fx ~ '.rate') }}
    end
{%- endmacro %}

{#- Whether a hold stops an order, or a line of it. Its rules may let prepaid orders and
    invoicing go on; the second matters for services that are due, because goods that
    are shipped are billed whatever the hold. -#}
{% macro hold_stops(hold, order, work) -%}
    {{ hold }}.is_held
    and ({{ hold }}.stops_prepaid_orders or not {{ order }}.is_prepaid)
    and (
        {{ work }}.is_to_deliver
        or ({{ hold }}.stops_invoicing and {{ work }}.is_service_to_bill)
    )
{%- endmacro %}

{#- Rules that a payment satisfies, and the statuses of an account that block it. -#}
{% macro is_money_rule(rule) -%}
    {{ rule }} in ('over_limit', 'days_overdue', 'amount_overdue', 'limit_share')
{%- endmacro %}

{% macro is_blocked(status) -%}
    {{ status }} in ('blocked_all', 'blocked_ship', 'blocked_invoice')
{%- endmacro %}

{#- Which reason leads: a manual hold outranks all, then the order of the rules. -#}
{% macro hold_rank(rule) -%}
    case {{ rule }}
        when 'manual' then 1
        when 'over_limit' then 2
        when 'days_overdue' then 3
        when 'amount_overdue' then 4
        when 'limit_expired' then 5
        when 'review_expired' then 6
        when 'status_blocked' then 7
        when 'limit_share' then 8
    end
{%- endmacro %}

{#- A reason with its figures, as a person reads it: the rule, then what it found. -#}
{% macro hold_text() -%}
    rule || case rule
        when 'manual'
            then coalesce(': ' || hold_reason, '')
                || coalesce(', by ' || hold_set_by, '')
                || coalesce(', until ' || cast(hold_until as varchar), '')
        when 'over_limit'
            then ': exposure ' || {{ amount_text('exposure') }} || ' '
                || currency || ', limit ' || {{ amount_text('credit_limit') }}
        when 'days_overdue'
            then ': oldest item ' || cast(oldest_days as varchar)
                || ' days late, more than '
                || cast(cast(coalesce(threshold, 0) as integer) as varchar)
        when 'amount_overdue'
            then ': overdue ' || {{ amount_text('overdue') }} || ' ' || currency
                || ', more than ' || {{ amount_text('threshold') }}
        when 'limit_expired'
            then ': the limit was valid to ' || cast(valid_to as varchar)
        when 'review_expired'
            then ': the credit review was due on ' || cast(next_review as varchar)
        when 'status_blocked'
            then ': ' || status || ' in the ERP'
        when 'limit_share'
            then ': ' || {{ amount_text('used_pct') }}
                || ' % of the limit used, more than '
                || {{ amount_text('threshold') }}
    end
{%- endmacro %}
