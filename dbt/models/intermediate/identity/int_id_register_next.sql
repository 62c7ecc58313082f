-- Grain: one row per member whose customer id is new or has changed against the
-- register.
-- Exactly these rows are appended to the register when the build is published.
with members as (
    select * from {{ ref('int_customer_members') }}
),

clusters as (
    select * from {{ ref('int_cluster_customer') }}
),

register as (
    select
        member_key,
        customer_id,
        row_number() over (
            partition by member_key
            order by seq desc, customer_id asc
        ) as from_last
    from {{ ref('stg_id_register') }}
)

select
    members.member_key,
    clusters.customer_id,
    clusters.founder_key
from members
inner join clusters on members.cluster_key = clusters.cluster_key
left join register
    on members.member_key = register.member_key
        and register.from_last = 1
where register.customer_id is null
    or register.customer_id <> clusters.customer_id
order by members.member_key
