-- Grain: one row per record, shared list, value and ERP that has to understand it
-- (int_list_uses), and how that ERP reads the value.
-- erp_code: what the value is there, whether the code may still be used or not; null
-- where the ERP does not take it. A list counts as soon as it is delivered by the ERP,
-- or list_map leads to it: an ERP without it takes any value as it stands.
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
)

select
    uses.*,
    case
        when checked.list_name is null then uses.list_value
        when coalesce(meanings.problem, 'inactive_code') = 'inactive_code'
            then meanings.erp_code
    end as erp_code,
    checked.list_name is not null
    and coalesce(meanings.problem = 'inactive_code', false) as is_inactive
from uses
left join checked
    on uses.erp_source = checked.erp_source
        and uses.list_name = checked.list_name
left join meanings
    on uses.source = meanings.source
        and uses.list_name = meanings.list_name
        and uses.list_value = meanings.list_value
        and uses.erp_source = meanings.erp_source
