-- Grain: one row per check and source. Kinds: `contract`, a rule of the extract
-- contract; `balance`, what was read against what became of it; `flag`, a rule that
-- marks a record and drops nothing. The audit of a build adds its tests as rows of kind
-- `test`.
with contract_checks as (
    select
        'contract' as kind,
        source,
        table_name,
        case when column_name is null then rule else column_name || ': ' || rule end
            as check_name,
        severity,
        checked,
        failed,
        case
            when failed = 0 then 'passed'
            when severity = 'error' then 'failed'
            else 'warned'
        end as status,
        case
            when failed > 0 and severity = 'error'
                then 'the rows are in quarantined_rows'
        end as detail
    from {{ ref('stg_contract_check') }}
),

balance_checks as (
    select
        'balance' as kind,
        source,
        name as table_name,
        level || ': ' || measure || coalesce(' in ' || currency, '') as check_name,
        'error' as severity,
        1 as checked,
        case when difference = 0 then 0 else 1 end as failed,
        case when difference = 0 then 'passed' else 'failed' end as status,
        'read ' || cast(read_value as varchar)
        || ', explained ' || cast(explained_value as varchar)
        || coalesce(': ' || detail, '') as detail
    from {{ ref('stg_balance_check') }}
),

flagged as (
    select
        source,
        table_name,
        check_name,
        count(*) as failed
    from {{ ref('int_record_flags') }}
    group by source, table_name, check_name
),

flag_checks as (
    select
        'flag' as kind,
        table_rows.source,
        checks.table_name,
        checks.check_name,
        'warn' as severity,
        table_rows.table_rows as checked,
        coalesce(flagged.failed, 0) as failed,
        case when flagged.failed > 0 then 'warned' else 'passed' end as status,
        checks.meaning as detail
    from {{ ref('int_flag_checks') }} as checks
    inner join {{ ref('int_table_rows') }} as table_rows
        on checks.table_name = table_rows.table_name
    left join flagged
        on checks.table_name = flagged.table_name
            and checks.check_name = flagged.check_name
            and table_rows.source = flagged.source
    where table_rows.source is not null
)

{%- for relation in ['contract_checks', 'balance_checks', 'flag_checks'] %}
select
    kind,
    source,
    table_name,
    check_name,
    severity,
    cast(checked as bigint) as checked,
    cast(failed as bigint) as failed,
    status,
    detail
from {{ relation }}
{{ 'union all' if not loop.last }}
{%- endfor %}
