{#- Twice the median of whole numbers, so that it is one too: the sum of the two middle
    ones of an even count. Null where there is none. -#}
{% macro twice_median(numbers) -%}
    (
        list_sort(list({{ numbers }}))[(count({{ numbers }}) + 1) // 2]
        + list_sort(list({{ numbers }}))[count({{ numbers }}) // 2 + 1]
    )
{%- endmacro %}

{#- The slope between two amounts that lie 1 to 11 months apart, as a whole number: in
    1/27720 of a ten-thousandth a month. 27720 is what 1 to 11 all divide. -#}
{% macro whole_slope(from_amount, to_amount, months) -%}
    ({{ in_ten_thousandths(to_amount ~ ' - ' ~ from_amount) }}
        * (27720 // {{ months }}))
{%- endmacro %}

{#- Twice such a slope as an amount a month, rounded half away from zero. -#}
{% macro slope_amount(twice_whole_slope) -%}
    {{ money(_whole_quotient(twice_whole_slope, '55440', 0)
        ~ ' * cast(0.0001 as decimal(8, 4))') }}
{%- endmacro %}

{#- Twice a number of days as days, a half going up. -#}
{% macro days_of_twice(twice) -%}
    cast(({{ twice }} + 1) // 2 as integer)
{%- endmacro %}
