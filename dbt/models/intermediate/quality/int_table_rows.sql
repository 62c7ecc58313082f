-- Grain: one row per contract table and source that has rows in it; one row without a
-- source for a table that nobody has rows in.
with counted as (
    {%- for table in contract_tables() %}
    select
        '{{ table }}' as table_name,
        source,
        count(*) as table_rows
    from {{ ref('stg_' ~ table) }}
    group by source
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

tables (table_name) as (
    values
    {%- for table in contract_tables() %}
    ('{{ table }}'){{ ',' if not loop.last }}
    {%- endfor %}
)

select
    tables.table_name,
    counted.source,
    cast(coalesce(counted.table_rows, 0) as bigint) as table_rows
from tables
left join counted on tables.table_name = counted.table_name
