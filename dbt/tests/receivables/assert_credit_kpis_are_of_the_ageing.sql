-- At every level the key figures stand on what the ageing of that day says: what is
-- outstanding over the firm, its ledgers and its customers is the sum over accounts.
with ageing as (
    select
        as_of_date,
        {{ sum_whole('outstanding_reporting') }} as outstanding
    from {{ ref('int_account_ageing') }}
    group by as_of_date
),

kpis as (
    select
        as_of_date,
        level,
        {{ sum_whole('outstanding') }} as outstanding
    from {{ ref('credit_kpis') }}
    group by as_of_date, level
)

select
    ageing.as_of_date,
    kpis.level,
    ageing.outstanding,
    kpis.outstanding as kpi_outstanding
from ageing
left join kpis on ageing.as_of_date = kpis.as_of_date
where kpis.level is null
    or ageing.outstanding is distinct from kpis.outstanding
