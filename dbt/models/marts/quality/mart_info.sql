-- Grain: one row per publication, and a mart file holds one.
-- What the build was made of. The audit seals the row counts and control totals.
with run_context as (
    select * from {{ ref('stg_run_context') }}
),

source_info as (
    select * from {{ ref('stg_source_info') }}
),

loads as (
    select
        source,
        {{ json_rows(json_row([
            ('extract', 'extract'),
            ('load_id', 'load_id'),
            ('load_date', 'cast(load_date as varchar)'),
            ('mode', 'mode'),
            ('status', 'status'),
            ('file_name', 'file_name'),
            ('records_read', 'records_read'),
        ]), 'extract, load_date, load_id, file_name') }} as loads
    from {{ ref('stg_load_info') }}
    group by source
),

described as (
    select {{ json_rows(json_row([
        ('source', 'source_info.source'),
        ('role', 'source_info.role'),
        ('system', 'source_info.system'),
        ('settlement', 'source_info.settlement'),
        ('sales_from', 'source_info.sales_from'),
        ('reach_date', 'cast(source_info.reach_date as varchar)'),
        ('load_date', 'cast(source_info.load_date as varchar)'),
        ('age_days', 'greatest(' ~ days_between(
            'source_info.reach_date', 'run_context.as_of_date'
        ) ~ ', 0)'),
        ('lag_days', 'source_info.lag_days'),
        ('stale_because', 'source_info.stale_because'),
        ('loads', "cast(coalesce(loads.loads, '[]') as json)"),
    ]), 'source_info.source') }} as sources
    from source_info
    cross join run_context
    left join loads on source_info.source = loads.source
),

empty_tables as (
    select {{ joined_text('table_name', 'table_name') }} as empty_tables
    from {{ ref('int_table_rows') }}
    where source is null
)

select
    run_context.publication_id,
    run_context.run_id,
    run_context.as_of_date,
    run_context.default_as_of_date,
    run_context.built_at,
    run_context.is_forced,
    run_context.reporting_currency,
    run_context.ageing_basis,
    run_context.ageing_credits,
    run_context.gl_difference,
    run_context.fingerprint,
    run_context.code_version,
    run_context.contract_version,
    described.sources,
    empty_tables.empty_tables,
    cast(null as varchar) as row_counts,
    cast(null as varchar) as control_totals
from run_context
cross join described
cross join empty_tables
