-- Grain: one row per source, shared list and value that is understood there.
-- In an ERP: its own codes. In a CRM: what list_map leads to a code of a tied ERP (or
-- of one that does not deliver the list), a user whose salesperson code a tied ERP
-- has, and a value that is itself a code of a tied ERP.
with codes as (
    select * from {{ ref('int_list_codes') }}
),

ties as (
    select distinct
        crm_source,
        erp_source
    from {{ ref('stg_source_tie') }}
),

list_map as (
    select * from {{ ref('stg_list_map') }}
),

delivered as (
    select distinct
        source,
        list_name
    from codes
),

crm_user as (
    select * from {{ ref('stg_crm_user') }}
)

select
    source,
    list_name,
    code as list_value
from codes
union
select
    ties.crm_source as source,
    codes.list_name,
    codes.code as list_value
from codes
inner join ties on codes.source = ties.erp_source
union
select
    crm_user.source,
    codes.list_name,
    crm_user.user_id as list_value
from crm_user
inner join ties on crm_user.source = ties.crm_source
inner join codes
    on ties.erp_source = codes.source
        and codes.list_name = 'salesperson'
        and crm_user.salesperson_code = codes.code
union
select
    list_map.crm_source as source,
    list_map.list_name,
    list_map.crm_value as list_value
from list_map
inner join ties
    on list_map.crm_source = ties.crm_source
        and list_map.erp_source = ties.erp_source
left join delivered
    on list_map.erp_source = delivered.source
        and list_map.list_name = delivered.list_name
left join codes
    on list_map.erp_source = codes.source
        and list_map.list_name = codes.list_name
        and list_map.erp_code = codes.code
where delivered.list_name is null
    or codes.code is not null
