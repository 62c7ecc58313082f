{#- Money, rates and quantities are decimals of one shape each; never a float. -#}

{% macro money(expression) -%}
    cast({{ expression }} as decimal(18, 4))
{%- endmacro %}

{% macro qty(expression) -%}
    cast({{ expression }} as decimal(18, 6))
{%- endmacro %}

{#- A rate of exchange of the contract, and every share, percentage or quotient. -#}
{% macro rate(expression) -%}
    cast({{ expression }} as decimal(18, 8))
{%- endmacro %}

{#- A rate of int_fx_rates. Fourteen places, because the inverse of a rate of 8 places
    would be off by cents on an amount of a million. -#}
{% macro fx_rate(expression) -%}
    cast({{ expression }} as decimal(24, 14))
{%- endmacro %}

{#- An amount in another currency, rounded half away from zero to four places. The
    amount is narrowed, so that the product fits into 38 digits, but not to 18 digits:
    two factors of 18 are multiplied in 18, which a million at a rate of 1 exceeds.
    Most amounts are in their own currency: rounding a long product took 3 s a million. -#}
{% macro convert(amount, rate) -%}
    case
        when {{ rate }} = 1 then {{ money(amount) }}
        else cast(cast({{ amount }} as decimal(20, 4)) * {{ rate }} as decimal(18, 4))
    end
{%- endmacro %}

{#- numerator / denominator as decimal(18, 8), rounded half away from zero; null where
    the denominator is null or zero, or the quotient is ten thousand million or more.
    Whole numbers, because `/` gives a float here. -#}
{% macro ratio(numerator, denominator) -%}
    try_cast({{ _whole_quotient(_scaled(numerator), _scaled(denominator), 8)
        ~ ' * cast(0.00000001 as decimal(8, 8))' }} as decimal(18, 8))
{%- endmacro %}

{#- The quotient of two whole numbers as decimal(12, 2), rounded half away from zero; null
    where one is null, the second is zero, or the quotient does not fit. A fifth of the
    time of `ratio`, which matters where a mart has ten of them in a row. -#}
{% macro hundredths(numerator, denominator) -%}
    try_cast({{ _whole_quotient(numerator, denominator, 2)
        ~ ' * cast(0.01 as decimal(2, 2))' }} as decimal(12, 2))
{%- endmacro %}

{#- An amount of money as a whole number of its last place, the fourth. -#}
{% macro in_ten_thousandths(amount) -%}
    cast(({{ amount }}) * 10000 as hugeint)
{%- endmacro %}

{#- 1 / rate as a rate of int_fx_rates; null where the rate is null or zero. -#}
{% macro inverse_rate(expression) -%}
    {{ fx_rate(
        _whole_quotient(_scaled('1'), _scaled(expression), 14)
        ~ ' * cast(0.00000000000001 as decimal(14, 14))'
    ) }}
{%- endmacro %}

{% macro _scaled(expression) -%}
    cast(cast({{ expression }} as decimal(28, 8)) * 100000000 as hugeint)
{%- endmacro %}

{#- round(numerator * 10^places / denominator) of two whole numbers. -#}
{% macro _whole_quotient(numerator, denominator, places) -%}
    cast(
        (
            {{ numerator }} * cast({{ 10 ** places }} as hugeint) * 2
            + sign({{ numerator }}) * abs({{ denominator }})
        ) // nullif({{ denominator }} * 2, 0) as decimal({{ 38 - places }}, 0)
    )
{%- endmacro %}
