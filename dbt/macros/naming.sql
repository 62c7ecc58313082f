{#- Names are exactly what the project file says: schema `staging`, database `mart`. -#}

{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}

{% macro generate_database_name(custom_database_name, node) -%}
    {{ (custom_database_name or target.database) | trim }}
{%- endmacro %}

{#- The key of a record across sources: `source/id`, null where the id is null. -#}
{% macro key_of(id, source='source') -%}
    {{ source }} || '/' || {{ id }}
{%- endmacro %}
