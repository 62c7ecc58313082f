-- Grain: one row per registered customer id that is no longer in force.
-- It leads to the customer that its founder is of now, else to that of the member which
-- held it last. Where its members have all gone from their sources it leads to the id
-- they had last, and on from there; where they had no other, nowhere.
with recursive register as (
    select
        *,
        row_number() over (
            partition by member_key
            order by seq desc, customer_id asc
        ) as from_last
    from {{ ref('stg_id_register') }}
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
        coalesce(members.customer_id, last_held.customer_id) as next_customer_id,
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
    inner join register as last_held
        on retired.member_key = last_held.member_key
            and last_held.from_last = 1
    left join members on retired.member_key = members.member_key
),

steps as (
    select
        customer_id,
        next_customer_id
    from ranked
    where choice = 1
        and next_customer_id <> customer_id
),

reached as (
    {{ reached_from('steps', 'customer_id', 'next_customer_id', 'reached') }}
),

ends as (
    select
        reached.node as customer_id,
        min(reached.reached) as customer_id_in_force
    from reached
    inner join clusters on reached.reached = clusters.customer_id
    group by reached.node
)

select
    ranked.customer_id,
    ends.customer_id_in_force
from ranked
left join ends on ranked.customer_id = ends.customer_id
where ranked.choice = 1
