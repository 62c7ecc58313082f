{% macro calendar_year(date) -%}
    cast(extract(year from {{ date }}) as integer)
{%- endmacro %}

{% macro first_day_of_year(year) -%}
    cast(cast({{ year }} as varchar) || '-01-01' as date)
{%- endmacro %}

{#- The class of a customer by sales: A while the share of those before it is under 80 %,
    B under 95 %, else C. Sales of zero or less are C; unknown sales have no class. -#}
{% macro abc_class(sales, cumulative_before, total) -%}
    case
        when {{ sales }} is null then null
        when {{ sales }} <= 0 then 'C'
        when {{ cumulative_before }} * 100 < {{ total }} * 80 then 'A'
        when {{ cumulative_before }} * 100 < {{ total }} * 95 then 'B'
        else 'C'
    end
{%- endmacro %}

{#- Growth over the year before: null where that was zero or less, or either is unknown. -#}
{% macro growth(sales, prior) -%}
    {{ ratio(
        '(' ~ sales ~ ') - (' ~ prior ~ ')',
        'case when (' ~ prior ~ ') > 0 then (' ~ prior ~ ') end'
    ) }}
{%- endmacro %}

{#- A sum that is null as soon as one of its parts is not known. -#}
{% macro known_sum(expression, condition='true') -%}
    case
        when count(case when {{ condition }} then 1 end)
            = count(case when {{ condition }} then {{ expression }} end)
            then coalesce(sum(case when {{ condition }} then {{ expression }} end), 0)
    end
{%- endmacro %}

{#- An amount that is zero where the left-joined relation has no row, and stays null where
    it has one without a value. -#}
{% macro zero_unless(relation, expression) -%}
    {{ money(
        'case when ' ~ relation ~ '.customer_id is null then 0 else ' ~ expression ~ ' end'
    ) }}
{%- endmacro %}
