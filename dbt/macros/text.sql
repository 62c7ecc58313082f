{#- The texts of a group in one, in a stated order; null where there is none. -#}
{% macro joined_text(expression, order_by, separator='; ') -%}
    string_agg({{ expression }}, '{{ separator }}' order by {{ order_by }})
{%- endmacro %}

{#- One row per element of a text list, trimmed: to be used in a select list. -#}
{% macro split_to_rows(expression, separator=';') -%}
    trim(unnest(string_split({{ expression }}, '{{ separator }}')))
{%- endmacro %}

{#- An amount as people read it: two decimal places, no thousands separator. -#}
{% macro amount_text(expression) -%}
    cast(cast({{ expression }} as decimal(18, 2)) as varchar)
{%- endmacro %}

{#- First 12 hexadecimal digits of the MD5 hash, upper case. -#}
{% macro short_hash(expression) -%}
    upper(substr(md5({{ expression }}), 1, 12))
{%- endmacro %}

{#- Place of the first occurrence of a text, from 1; 0 = it does not occur. -#}
{% macro position_of(text, expression) -%}
    strpos({{ expression }}, '{{ text }}')
{%- endmacro %}

{#- A day without separators, as references have it: 260630. -#}
{% macro compact_date(date) -%}
    substr(replace(cast({{ date }} as varchar), '-', ''), 3)
{%- endmacro %}

{#- Whether a text names a reference as a word of its own: null where it does not say.
    Signs of punctuation count as blanks in both, since a reference may hold them. -#}
{% macro names_reference(text, reference) -%}
    strpos({{ _words(text) }}, {{ _words(reference) }}) > 0
{%- endmacro %}

{% macro _words(text) -%}
    ' ' || translate({{ text }}, ',;:()[]', '       ') || ' '
{%- endmacro %}
