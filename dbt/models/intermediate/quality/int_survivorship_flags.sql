-- Grain: one row per field of the survivorship policy and rule it breaks.
-- Who misspells a field or a system would wait for a value that never comes.
with policies as (
    select * from {{ ref('stg_survivorship') }}
),

known_fields (field) as (
    values
    {%- for group in survivorship_fields().values() %}
    {%- set last_group = loop.last %}
    {%- for field in group %}
    ('{{ field }}'){{ ',' if not (loop.last and last_group) }}
    {%- endfor %}
    {%- endfor %}
),

-- A name of a source, or a role for all sources of it.
systems as (
    select source as system_name from {{ ref('stg_source_info') }}
    where role in ('crm', 'erp')
    union
    select role as system_name from {{ ref('stg_source_info') }}
    where role in ('crm', 'erp')
),

named as (
    select
        source,
        field,
        {{ split_to_rows('systems') }} as system_name
    from policies
),

unknown_fields as (
    select
        policies.source,
        policies.field as record_key
    from policies
    left join known_fields on policies.field = known_fields.field
    where known_fields.field is null
),

unknown_systems as (
    select distinct
        named.source,
        named.field || ': ' || named.system_name as record_key
    from named
    left join systems on named.system_name = systems.system_name
    where systems.system_name is null
        and named.system_name <> ''
)

{{ flagged('unknown_fields', 'survivorship', 'record_key', 'field_unknown', 'true') }}
union all
{{ flagged('unknown_systems', 'survivorship', 'record_key', 'system_unknown', 'true') }}
