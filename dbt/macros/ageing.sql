{#- The fixed buckets of the ageing marts: edges at 0/1, 30/31, 60/61, 90/91 days. -#}
{% macro ageing_bucket(days) -%}
    case
        when {{ days }} <= 0 then 'not_due'
        when {{ days }} <= 30 then 'd1_30'
        when {{ days }} <= 60 then 'd31_60'
        when {{ days }} <= 90 then 'd61_90'
        else 'd90_plus'
    end
{%- endmacro %}

{% macro ageing_buckets() -%}
    {{ return([
        'not_due', 'd1_30', 'd31_60', 'd61_90', 'd90_plus', 'unallocated_credit'
    ]) }}
{%- endmacro %}

{#- A sum of all rows, or null: never the sum of those rows alone that have a value. -#}
{% macro sum_whole(expression) -%}
    case
        when count({{ expression }}) = count(*)
            then {{ money('sum(' ~ expression ~ ')') }}
    end
{%- endmacro %}

{#- A sum of base amounts: null where the rows are of ledgers with different ones. -#}
{% macro sum_base(expression, currency='base_currency') -%}
    case
        when min({{ currency }}) = max({{ currency }})
            then {{ money('sum(' ~ expression ~ ')') }}
    end
{%- endmacro %}

{#- Outstanding, buckets, overdue and disputed of open items, in three currencies. -#}
{% macro ageing_of_items() -%}
    {%- for suffix, add_up in [
        ('', sum_whole), ('_base', sum_base), ('_reporting', sum_whole)
    ] %}
    {{ add_up('residual' ~ suffix) }} as outstanding{{ suffix }},
    {%- for bucket in ageing_buckets() %}
    {{ add_up(
        "case when bucket = '" ~ bucket ~ "' then residual" ~ suffix ~ " else 0 end"
    ) }}
        as {{ bucket }}{{ suffix }},
    {%- endfor %}
    {{ add_up('overdue' ~ suffix) }} as overdue{{ suffix }},
    {{ add_up('disputed' ~ suffix) }} as disputed{{ suffix }},
    {%- endfor %}
{%- endmacro %}

{#- The same figures, summed from rows that have them already. -#}
{% macro ageing_of_rows() -%}
    {%- for suffix, add_up in [
        ('', sum_whole), ('_base', sum_base), ('_reporting', sum_whole)
    ] %}
    {%- for figure in ['outstanding'] + ageing_buckets() + ['overdue', 'disputed'] %}
    {{ add_up(figure ~ suffix) }} as {{ figure }}{{ suffix }},
    {%- endfor %}
    {%- endfor %}
{%- endmacro %}

{#- The names of these figures, in the order of the marts. -#}
{% macro ageing_columns(relation) -%}
    {%- for suffix in ['', '_base', '_reporting'] %}
    {%- for figure in ['outstanding'] + ageing_buckets() + ['overdue', 'disputed'] %}
    {{ relation }}.{{ figure }}{{ suffix }},
    {%- endfor %}
    {%- endfor %}
{%- endmacro %}
