-- Grain: one row per registered customer id that is no longer in force.
-- It leads to the customer that its founder is of now, else to that of the member which
-- held it last. An id whose members have all gone from their sources leads nowhere.
with register as (
    select * from {{ ref('stg_id_register') }}
),

clusters as (
    select * from {{ ref('int_cluster_customer') }}
),

members as (
    select
        members.member_key,
        clusters.customer_id
    from {{ ref('int_customer_members') }} as members
    inner join clusters on members.cluster_key = clusters.cluster_key
),

retired as (
    select
        register.customer_id,
        register.member_key,
        register.founder_key,
        max(register.seq) as last_seq
    from register
    left join clusters on register.customer_id = clusters.customer_id
    where clusters.customer_id is null
    group by register.customer_id, register.member_key, register.founder_key
),

ranked as (
    select
        retired.customer_id,
        members.customer_id as customer_id_in_force,
        row_number() over (
            partition by retired.customer_id
            order by
                case when members.customer_id is null then 1 else 0 end asc,
                case when retired.member_key = retired.founder_key then 0 else 1
                end asc,
                retired.last_seq desc,
                retired.member_key asc
        ) as choice
    from retired
    left join members on retired.member_key = members.member_key
)

select
    customer_id,
    customer_id_in_force
from ranked
where choice = 1
