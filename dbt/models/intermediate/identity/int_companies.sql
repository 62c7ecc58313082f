-- Grain: one row per CRM company. Source: crm_company.
-- surviving_company_key: where mergers, the CRM's and the stewards', lead in the end,
-- over any number of steps. A company merged into itself or into one nobody delivered
-- survives as it is; of companies merged in a circle the smallest key survives.
with recursive companies as (
    select * from {{ ref('stg_crm_company') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

mergers as (
    select * from {{ ref('int_company_mergers') }}
),

reached as (
    {{ reached_from('mergers', 'company_key', 'merged_into_company_key', 'reached') }}
),

circles as (
    select node as company_key
    from reached
    where node = reached
),

survivors as (
    select
        reached.node as company_key,
        min(reached.reached) as surviving_company_key
    from reached
    left join mergers on reached.reached = mergers.company_key
    left join circles on reached.reached = circles.company_key
    where mergers.company_key is null
        or circles.company_key is not null
    group by reached.node
)

select
    companies.company_key,
    companies.source,
    companies.company_id,
    companies.name as company_name,
    case
        when companies.deleted_on <= run_context.as_of_date then companies.deleted_on
    end as deleted_on,
    coalesce(survivors.surviving_company_key, companies.company_key)
        as surviving_company_key,
    {{ member_key(
        'company',
        'coalesce(survivors.surviving_company_key, companies.company_key)'
    ) }} as cluster_key,
    circles.company_key is not null as is_merge_circle,
    companies.merged_into_company_id is not null
        and (
            targets.company_key is null
            or targets.company_key = companies.company_key
        ) as is_merge_unknown,
    mergers.decided_by as merged_by
from companies
cross join run_context
left join mergers on companies.company_key = mergers.company_key
left join companies as targets
    on companies.merged_into_company_key = targets.company_key
left join survivors on companies.company_key = survivors.company_key
left join circles on companies.company_key = circles.company_key
