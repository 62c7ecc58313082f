-- Grain: one row per company that is merged into another, by its CRM or by a steward.
-- A steward's merger counts before the CRM's; of several the newest. What a steward
-- split stays apart: where mergers would lead both companies to one, those of the CRM
-- on the way there do not count; where stewards alone say both, none of theirs does.
with recursive companies as (
    select
        company_key,
        merged_into_company_key
    from {{ ref('stg_crm_company') }}
),

decisions as (
    select * from {{ ref('int_company_decisions') }}
),

splits as (
    select
        company_key,
        other_company_key
    from decisions
    where decision = 'split'
    union all
    select
        other_company_key as company_key,
        company_key as other_company_key
    from decisions
    where decision = 'split'
),

decided as (
    select
        company_key,
        other_company_key as merged_into_company_key,
        decided_by,
        row_number() over (
            partition by company_key
            order by decided_on desc, other_company_key asc
        ) as choice
    from decisions
    where decision = 'merge'
),

steward_steps as (
    select
        company_key,
        merged_into_company_key,
        decided_by
    from decided
    where choice = 1
),

steward_reached as (
    {{ reached_from(
        'steward_steps', 'company_key', 'merged_into_company_key', 'steward_reached'
    ) }}
),

contradicted as (
    {{ ways_of_split('splits', 'steward_reached') }}
),

steward_mergers as (
    select steps.*
    from steward_steps as steps
    left join contradicted on steps.company_key = contradicted.company_key
    where contradicted.company_key is null
),

steps as (
    select * from steward_mergers
    union all
    select
        companies.company_key,
        companies.merged_into_company_key,
        'crm' as decided_by
    from companies
    inner join companies as targets
        on companies.merged_into_company_key = targets.company_key
    left join steward_mergers on companies.company_key = steward_mergers.company_key
    where companies.company_key <> companies.merged_into_company_key
        and steward_mergers.company_key is null
),

reached as (
    {{ reached_from('steps', 'company_key', 'merged_into_company_key', 'reached') }}
),

parted as (
    {{ ways_of_split('splits', 'reached') }}
)

select
    steps.company_key,
    steps.merged_into_company_key,
    steps.decided_by
from steps
left join parted on steps.company_key = parted.company_key
where parted.company_key is null
    or steps.decided_by <> 'crm'
