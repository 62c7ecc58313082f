{#- Simple interest on 365 days, rounded half up to the cent. Whole numbers all the way:
    a figure that is rounded to four places first may be a cent off. -#}
{% macro simple_interest(amount, pct_pa, days) -%}
    {{ money(
        _whole_quotient(
            in_ten_thousandths(amount)
            ~ ' * cast(cast(' ~ pct_pa ~ ' as decimal(18, 8)) * 100000000 as hugeint)'
            ~ ' * cast(' ~ days ~ ' as hugeint)',
            'cast(36500000000000000 as hugeint)',
            2
        ) ~ ' * cast(0.01 as decimal(3, 2))'
    ) }}
{%- endmacro %}

{#- The words by which ledgers say that a letter was not sent, or was taken back. -#}
{% macro is_unsent(state) -%}
    lower(trim({{ state }})) in (
        'draft', 'planned', 'proposed', 'cancelled', 'canceled', 'void', 'voided',
        'reversed', 'deleted', 'rejected', 'failed'
    )
{%- endmacro %}

{#- How much more a call is worth the longer an item is late; double where a promise to
    pay it was broken. -#}
{% macro chase_weight(days_overdue, is_promise_broken) -%}
    case
        when {{ days_overdue }} <= 30 then 1
        when {{ days_overdue }} <= 60 then 2
        when {{ days_overdue }} <= 90 then 3
        else 4
    end * case when {{ is_promise_broken }} then 2 else 1 end
{%- endmacro %}

{#- After so many days somebody asks what became of a dispute. -#}
{% macro dispute_days() -%}
    {{ return(30) }}
{%- endmacro %}

{#- What a letter is called in the CRM's history: its reference is how it is found again. -#}
{% macro letter_subject(letter_ref, level, amount, currency) -%}
    'Reminder ' || {{ letter_ref }} || ', level ' || cast({{ level }} as varchar)
    || coalesce(': ' || {{ amount_text(amount) }} || coalesce(' ' || {{ currency }}, ''), '')
{%- endmacro %}

{#- What a letter asks for, in a sentence. `documents` is a list of numbers as text. -#}
{% macro letter_text(level, channel, documents, amount, interest, fee, currency) -%}
    'Reminder of level ' || cast({{ level }} as varchar) || ' by ' || {{ channel }}
    || coalesce(', to pay ' || {{ amount_text(amount) }} || coalesce(' ' || {{ currency }}, ''), '')
    || case
        when coalesce({{ interest }}, 0) <> 0
            then ', interest ' || {{ amount_text(interest) }}
        else ''
    end
    || case
        when coalesce({{ fee }}, 0) <> 0 then ', fee ' || {{ amount_text(fee) }}
        else ''
    end
    || coalesce(', documents ' || {{ documents }}, '')
{%- endmacro %}

{#- Whom a letter or a statement is for, in the order of the marts. -#}
{% macro addressee_columns(relation) -%}
    {%- for column in [
        'source', 'account_key', 'account_id', 'account_code', 'account_name',
        'addressee', 'customer_id', 'customer_name', 'group_id', 'entity_key',
        'entity_name', 'crm_source', 'company_id', 'contact_id', 'contact_name',
        'contact_email', 'contact_phone', 'address_line1', 'address_line2', 'city',
        'region', 'postcode', 'country_code', 'address_source',
    ] %}
    {{ relation }}.{{ column }},
    {%- endfor %}
{%- endmacro %}

{#- After so many days somebody asks why a letter that is due was not released. -#}
{% macro release_days() -%}
    {{ return(7) }}
{%- endmacro %}
