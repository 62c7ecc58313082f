{#- Shared lists: when two texts are near, when a code may no longer be used. -#}

{#- Letters and digits alone, without case or accents: "Net-30" and "NET 30" are one. -#}
{% macro letters_and_digits(expression) -%}
    regexp_replace(lower(strip_accents({{ expression }})), '[^\pL\pN]+', '', 'g')
{%- endmacro %}

{#- How near two texts are, 0 to 1 (Jaro-Winkler): transposed and missing letters cost
    little, a common beginning counts more than a common end. -#}
{% macro similarity(one, other) -%}
    cast(jaro_winkler_similarity({{ one }}, {{ other }}) as decimal(5, 4))
{%- endmacro %}

{#- From here on a code is worth suggesting: a word with one wrong letter in five. -#}
{% macro near_enough() -%}
    0.85
{%- endmacro %}

{#- The words by which ERPs say that an item is not sold any more. -#}
{% macro is_out_of_use(status) -%}
    lower(trim({{ status }})) in (
        'inactive', 'discontinued', 'obsolete', 'blocked', 'deleted', 'ended', 'phased out'
    )
{%- endmacro %}

{#- What two texts have to share to be compared at all: of items, the first sign. -#}
{% macro compared_beginning(list_name, form) -%}
    case when {{ list_name }} = 'item' then substr({{ form }}, 1, 1) else '' end
{%- endmacro %}
