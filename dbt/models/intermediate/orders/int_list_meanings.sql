-- Grain: one row per source, shared list, value and ERP in which the value is given a
-- meaning. In an ERP: its own codes. In a CRM, the first of these that says anything:
-- the steward's list_map; list_map for the other name of the same user (id or name);
-- the salesperson code of that user, if the ERP has it; the value as it stands, if the
-- ERP has it as a code. A line of list_map that leads nowhere is not passed over: the
-- steward meant something else than the value as it stands.
-- problem: why the ERP would not take it. An ERP that does not deliver the list at all
-- is believed to have the code.
with codes as (
    select * from {{ ref('int_list_codes') }}
),

ties as (
    select distinct
        crm_source,
        erp_source
    from {{ ref('stg_source_tie') }}
),

delivered as (
    select distinct
        source,
        list_name
    from codes
),

users as (
    select
        source,
        user_id as list_value,
        name as other_value,
        salesperson_code
    from {{ ref('stg_crm_user') }}
    union
    select
        source,
        name as list_value,
        user_id as other_value,
        salesperson_code
    from {{ ref('stg_crm_user') }}
),

mapped as (
    select
        list_map.crm_source as source,
        list_map.list_name,
        list_map.crm_value as list_value,
        list_map.erp_source,
        list_map.erp_code
    from {{ ref('stg_list_map') }} as list_map
    inner join ties
        on list_map.crm_source = ties.crm_source
            and list_map.erp_source = ties.erp_source
),

stated as (
    select
        *,
        1 as place,
        'list_map' as stated_by
    from mapped
    union all
    select
        mapped.source,
        mapped.list_name,
        users.list_value,
        mapped.erp_source,
        mapped.erp_code,
        2 as place,
        'list_map_of_user' as stated_by
    from mapped
    inner join users
        on mapped.source = users.source
            and mapped.list_value = users.other_value
    where mapped.list_name = 'salesperson'
    union all
    select
        users.source,
        codes.list_name,
        users.list_value,
        codes.source as erp_source,
        codes.code as erp_code,
        3 as place,
        'crm_user' as stated_by
    from users
    inner join ties on users.source = ties.crm_source
    inner join codes
        on ties.erp_source = codes.source
            and codes.list_name = 'salesperson'
            and users.salesperson_code = codes.code
    union all
    select
        ties.crm_source as source,
        codes.list_name,
        codes.code as list_value,
        codes.source as erp_source,
        codes.code as erp_code,
        4 as place,
        'code' as stated_by
    from codes
    inner join ties on codes.source = ties.erp_source
    union all
    select
        source,
        list_name,
        code as list_value,
        source as erp_source,
        code as erp_code,
        4 as place,
        'code' as stated_by
    from codes
),

first_places as (
    select
        *,
        min(place) over (
            partition by source, list_name, list_value, erp_source
        ) as first_place
    from stated
),

meanings as (
    select
        source,
        list_name,
        list_value,
        erp_source,
        min(stated_by) as stated_by,
        min(erp_code) as erp_code,
        count(distinct erp_code) as codes
    from first_places
    where place = first_place
    group by source, list_name, list_value, erp_source
)

select
    meanings.source,
    meanings.list_name,
    meanings.list_value,
    meanings.erp_source,
    meanings.erp_code,
    meanings.stated_by,
    case
        when meanings.codes > 1 then 'ambiguous'
        when delivered.list_name is null then null
        when codes.code is null then 'unknown_code'
        when not codes.is_active then 'inactive_code'
    end as problem
from meanings
left join delivered
    on meanings.erp_source = delivered.source
        and meanings.list_name = delivered.list_name
left join codes
    on meanings.erp_source = codes.source
        and meanings.list_name = codes.list_name
        and meanings.erp_code = codes.code
