{#- What serving a customer may cost beyond its goods: columns of customer_profitability;
    the configuration says which of them count. -#}
{% macro serving_terms() -%}
    {{ return([
        'contract_service_cost', 'other_service_cost', 'discounts_taken', 'write_offs',
    ]) }}
{%- endmacro %}

{#- Whether a list of words separated by `;` names one. -#}
{% macro is_named(list, word) -%}
    ';' || {{ list }} || ';' like '%;{{ word }};%'
{%- endmacro %}
