-- Grain: one row per source, shared list and value, and ERP that does not take it as
-- it should: because a record that may go there states it (int_list_mismatches), or
-- because list_map leads it to a code that the ERP does not have or use any more.
with mismatches as (
    select * from {{ ref('int_list_mismatches') }}
),

meanings as (
    select * from {{ ref('int_list_meanings') }}
),

gaps as (
    select
        source,
        list_name,
        list_value,
        erp_source
    from mismatches
    union
    select
        source,
        list_name,
        list_value,
        erp_source
    from meanings
    where stated_by = 'list_map'
        and problem is not null
)

select
    gaps.source,
    gaps.list_name,
    gaps.list_value,
    gaps.erp_source,
    case
        when meanings.problem is not null then meanings.problem
        when gaps.source = gaps.erp_source then 'unknown_code'
        else 'unmapped'
    end as reason,
    coalesce(meanings.problem <> 'inactive_code', true) as is_blocking,
    meanings.erp_code as mapped_code,
    meanings.stated_by as mapped_by
from gaps
left join meanings
    on gaps.source = meanings.source
        and gaps.list_name = meanings.list_name
        and gaps.list_value = meanings.list_value
        and gaps.erp_source = meanings.erp_source
