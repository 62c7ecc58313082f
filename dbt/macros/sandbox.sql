{#- The only folder a build may read: the views in `landed` point at files below it. -#}
{% macro allow_data_folder() -%}
    set allowed_directories = ['{{ env_var("CUSTOMER360_DATA") | replace("'", "''") }}']
{%- endmacro %}

{#- The engine settings that hold the lock, as rows (setting, value). -#}
{% macro engine_settings() -%}
    select name as setting, value from duckdb_settings()
{%- endmacro %}
