{#- A build writes into empty files that no reader sees before it is audited. So a model
    is created under its own name: what dbt does elsewhere, create beside, rename, drop,
    commit between, took a fifth of the time of a small build. -#}

{% materialization table, adapter='duckdb' %}
    {%- set created = this.incorporate(type='table') -%}
    {%- do drop_relation_if_exists(load_cached_relation(this)) -%}
    {%- call statement('main') -%}
        {{ create_table_as(false, created, compiled_code) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [created]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set created = this.incorporate(type='view') -%}
    {%- do drop_relation_if_exists(load_cached_relation(this)) -%}
    {%- call statement('main') -%}
        {{ create_view_as(created, compiled_code) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [created]}) }}
{% endmaterialization %}
