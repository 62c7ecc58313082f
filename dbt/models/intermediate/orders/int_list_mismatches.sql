-- Grain: one row per record, shared list, value and ERP that the record may go to,
-- where none of those ERPs takes the value (is_blocking), or takes it only as a code
-- that may no longer be used. record_type and record_key name the record
-- (int_list_uses).
-- A list counts as soon as it is delivered by the ERP, or list_map leads to it: an ERP
-- without it takes any value. A code no longer active stops nothing; of an ERP's own
-- orders it is not even told.
with uses as (
    select * from {{ ref('int_list_uses') }}
),

meanings as (
    select * from {{ ref('int_list_meanings') }}
),

checked as (
    select distinct
        source as erp_source,
        list_name
    from {{ ref('int_list_codes') }}
    union
    select distinct
        erp_source,
        list_name
    from {{ ref('stg_list_map') }}
),

graded as (
    select
        uses.*,
        case
            when checked.list_name is null then 2
            when meanings.erp_code is null then 0
            when meanings.problem is null then 2
            when meanings.problem <> 'inactive_code' then 0
            when uses.record_type = 'erp_order' then 2
            else 1
        end as grade
    from uses
    left join checked
        on uses.erp_source = checked.erp_source
            and uses.list_name = checked.list_name
    left join meanings
        on uses.source = meanings.source
            and uses.list_name = meanings.list_name
            and uses.list_value = meanings.list_value
            and uses.erp_source = meanings.erp_source
),

compared as (
    select
        *,
        max(grade) over (
            partition by record_type, record_key, list_name, list_value
        ) as best_grade
    from graded
)

select
    record_type,
    record_key,
    source,
    list_name,
    list_value,
    erp_source,
    best_grade = 0 as is_blocking
from compared
where grade = best_grade
    and grade < 2
