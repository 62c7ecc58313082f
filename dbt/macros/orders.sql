{#- The share of an amount that falls on a part of a quantity: amount x part / whole,
    rounded half away from zero to four places; null where the whole is zero. Whole
    numbers, because `/` gives a float here; more than 18 digits on one side of `*`,
    because a product of two decimals of 18 digits has no more than 18 itself. The whole
    of it needs no division, which takes 5 s a million. -#}
{% macro prorated(amount, part, whole) -%}
    case
        when {{ part }} = {{ whole }} and {{ whole }} <> 0 then {{ money(amount) }}
        else {{ money(
            _whole_quotient(
                _scaled('cast(' ~ amount ~ ' as decimal(22, 4)) * ' ~ qty(part)),
                _scaled(whole),
                4
            )
            ~ ' * cast(0.0001 as decimal(4, 4))'
        ) }}
    end
{%- endmacro %}

{#- The share of a quantity that falls on a part of a whole, to six places. -#}
{% macro shared_qty(quantity, part, whole) -%}
    {{ qty(
        _whole_quotient(
            _scaled('cast(' ~ quantity ~ ' as decimal(22, 6)) * ' ~ qty(part)),
            _scaled(whole),
            6
        )
        ~ ' * cast(0.000001 as decimal(6, 6))'
    ) }}
{%- endmacro %}

{#- A price less its discount in per cent, times a quantity. -#}
{% macro discounted(unit_price, discount_pct, quantity) -%}
    {{ money(
        'cast(cast(' ~ unit_price ~ ' as decimal(20, 4)) * ' ~ qty(quantity)
        ~ ' as decimal(26, 8)) * cast((100 - coalesce(' ~ discount_pct
        ~ ', 0)) * 0.01 as decimal(10, 8))'
    ) }}
{%- endmacro %}

{#- A net amount with a tax in per cent; null where either is not known. -#}
{% macro with_tax(net, tax_pct) -%}
    {{ money(
        'cast(' ~ net ~ ' as decimal(20, 4)) * cast((100 + ' ~ tax_pct
        ~ ') * 0.01 as decimal(14, 10))'
    ) }}
{%- endmacro %}

{#- Zero where a difference is negative. -#}
{% macro floored(expression) -%}
    {{ qty('greatest(' ~ expression ~ ', 0)') }}
{%- endmacro %}

{#- What of a wanted quantity stays unserved by what is free, after what is wanted before. -#}
{% macro unserved(wanted, before, free) -%}
    {{ qty(
        'least(greatest(' ~ before ~ ' + ' ~ wanted ~ ' - ' ~ free ~ ', 0), ' ~ wanted ~ ')'
    ) }}
{%- endmacro %}

{#- What a quantity of an order line is worth by `amount`, a column of
    int_order_line_prices: zero where there is no quantity, null where there is no price. -#}
{% macro order_value(amount, quantity) -%}
    case
        when {{ quantity }} = 0 then {{ money('0') }}
        else {{ prorated(amount, quantity, 'qty_priced') }}
    end
{%- endmacro %}

{#- Why an unprocessed order line waits, the leading reason first. For each there is a
    column `waits_...`. What stops the order as a whole comes before what time cures. -#}
{% macro waiting_reasons() -%}
    {{ return([
        'credit_hold',
        'order_hold',
        'no_stock',
        'list_mismatch',
        'not_handed_over',
        'awaiting_approval',
        'due_later',
        'awaiting_supplier',
        'to_be_invoiced',
        'ready_to_ship',
    ]) }}
{%- endmacro %}

{% macro leading_reason() -%}
    case
        {%- for reason in waiting_reasons() %}
        when waits_{{ reason }} then '{{ reason }}'
        {%- endfor %}
    end
{%- endmacro %}

{% macro all_reasons() -%}
    concat_ws(
        '; '
        {%- for reason in waiting_reasons() %},
        case when waits_{{ reason }} then '{{ reason }}' end
        {%- endfor %}
    )
{%- endmacro %}

{#- One kind of thing that needs a person, as rows of int_..._exceptions. `what` says it
    in words, `whose` names a team or a person, `look` where the details are. -#}
{% macro exception_rows(relation, kind, record, what, since, amount, currency, whose, look,
    where='true', customer='customer_id', source='source') -%}
    select
        '{{ kind }}' as kind,
        {{ source }} as source,
        {{ record }} as record_key,
        {{ customer }} as customer_id,
        {{ what }} as what,
        {{ since }} as since,
        {{ money(amount) }} as amount,
        {{ currency }} as currency,
        {{ whose }} as whose,
        '{{ look }}' as where_to_look
    from {{ relation }}
    where {{ where }}
{%- endmacro %}
