-- Grain: one row per CRM source and stage of its open opportunities.
-- probability: 0 to 1, what the configuration says of the stage; else what part of the
-- opportunities that this CRM closed by the as-of date was won. The extract does not
-- say through which stages a closed one went. Null = nothing is configured or closed.
with opportunities as (
    select * from {{ ref('int_opportunities') }}
),

configured as (
    select
        lower(trim(stage)) as stage,
        {{ ratio('probability_pct', '100') }} as probability
    from {{ ref('stg_stage_probability') }}
),

win_rates as (
    select
        source,
        {{ ratio(
            "count(case when state = 'won' then 1 end)", 'count(*)'
        ) }} as win_rate
    from opportunities
    where state in ('won', 'lost')
    group by source
),

stages as (
    select distinct
        source,
        stage
    from opportunities
    where state = 'open'
)

select
    stages.source,
    stages.stage,
    coalesce(configured.probability, win_rates.win_rate) as probability,
    case
        when configured.stage is not null then 'configured'
        when win_rates.win_rate is not null then 'win_rate'
    end as probability_basis
from stages
left join configured on lower(trim(stages.stage)) = configured.stage
left join win_rates on stages.source = win_rates.source
