-- Grain: one row per cluster, which is one row per customer. Source: the register of
-- ids.
-- A cluster takes the id registered first among those its members hold. Where several
-- clusters would take one id, it goes to the one that holds the founder of that id,
-- else to the one with the smallest member; every other cluster mints an id of its own
-- from its founding member. So an id never depends on the order in which data arrives.
with members as (
    select * from {{ ref('int_customer_members') }}
),

register as (
    select
        member_key,
        customer_id,
        founder_key,
        seq,
        row_number() over (
            partition by member_key
            order by seq desc, customer_id asc
        ) as from_last,
        row_number() over (
            partition by customer_id
            order by seq, member_key
        ) as from_first
    from {{ ref('stg_id_register') }}
),

registered_ids as (
    select
        customer_id,
        founder_key,
        seq as first_seq
    from register
    where from_first = 1
),

clusters as (
    select
        cluster_key,
        min(member_key) as smallest_member
    from members
    group by cluster_key
),

held as (
    select
        members.cluster_key,
        registered_ids.customer_id,
        registered_ids.founder_key,
        row_number() over (
            partition by members.cluster_key
            order by registered_ids.first_seq, registered_ids.customer_id
        ) as choice
    from members
    inner join register
        on members.member_key = register.member_key
            and register.from_last = 1
    inner join registered_ids on register.customer_id = registered_ids.customer_id
),

wanted as (
    select
        held.cluster_key,
        held.customer_id,
        held.founder_key,
        row_number() over (
            partition by held.customer_id
            order by
                case when founders.cluster_key is null then 1 else 0 end,
                clusters.smallest_member
        ) as choice
    from held
    inner join clusters on held.cluster_key = clusters.cluster_key
    left join members as founders
        on held.founder_key = founders.member_key
            and held.cluster_key = founders.cluster_key
    where held.choice = 1
),

kept as (
    select
        cluster_key,
        customer_id,
        founder_key
    from wanted
    where choice = 1
),

minted_before as (
    select
        founder_key,
        count(distinct customer_id) as ids
    from register
    group by founder_key
),

minted as (
    select
        clusters.cluster_key,
        {{ new_customer_id('clusters.cluster_key') }} as first_id,
        {{ new_customer_id(
            "clusters.cluster_key || '#' || cast(minted_before.ids as varchar)"
        ) }} as next_id
    from clusters
    left join kept on clusters.cluster_key = kept.cluster_key
    left join minted_before on clusters.cluster_key = minted_before.founder_key
    where kept.cluster_key is null
)

select
    cluster_key,
    customer_id,
    founder_key,
    false as is_new
from kept
union all
-- The first id of a founder may be in force elsewhere: then its next one is minted.
select
    minted.cluster_key,
    case when kept.customer_id is null then minted.first_id else minted.next_id
    end as customer_id,
    minted.cluster_key as founder_key,
    true as is_new
from minted
left join kept on minted.first_id = kept.customer_id
