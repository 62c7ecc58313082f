-- Grain: one row per record, shared list, value and ERP that the record may go to,
-- where none of those ERPs takes the value (is_blocking), or takes it only as a code
-- that may no longer be used. record_type and record_key name the record
-- (int_list_uses).
-- A code no longer active stops nothing; of an ERP's own orders it is not even told.
with graded as (
    select
        *,
        case
            when erp_code is null then 0
            when is_inactive and record_type <> 'erp_order' then 1
            else 2
        end as grade
    from {{ ref('int_list_readings') }}
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
