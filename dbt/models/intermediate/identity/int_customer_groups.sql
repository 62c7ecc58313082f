-- Grain: one row per customer.
-- The group of a customer is where its chain of parents ends: at the first customer
-- that the steward put into a group, else at the top. A circle of parents is cut at a
-- parent the ERP stated, else at the smallest customer id, which then is the top.
with recursive clusters as (
    select * from {{ ref('int_cluster_customer') }}
),

companies as (
    select * from {{ ref('int_companies') }}
),

steward_groups as (
    select
        clusters.customer_id,
        stated.group_id,
        min(stated.group_name) over (partition by stated.group_id) as group_name,
        row_number() over (
            partition by clusters.customer_id
            order by
                case when companies.company_key = companies.surviving_company_key
                    then 0 else 1 end,
                stated.group_id,
                stated.source
        ) as choice
    from {{ ref('stg_customer_group') }} as stated
    inner join companies on stated.company_key = companies.company_key
    inner join clusters on companies.cluster_key = clusters.cluster_key
),

placed as (
    select
        customer_id,
        group_id,
        group_name
    from steward_groups
    where choice = 1
),

steps as (
    select
        parents.customer_id,
        parents.parent_customer_id,
        parents.parent_from
    from {{ ref('int_customer_parents') }} as parents
    left join placed on parents.customer_id = placed.customer_id
    where placed.customer_id is null
),

reached as (
    {{ reached_from('steps', 'customer_id', 'parent_customer_id', 'reached') }}
),

circles as (
    select
        reached.node as customer_id,
        steps.parent_from
    from reached
    inner join steps on reached.node = steps.customer_id
    where reached.node = reached.reached
),

ends as (
    select
        reached.node as customer_id,
        reached.reached as top_customer_id,
        row_number() over (
            partition by reached.node
            order by
                case circles.parent_from when 'crm_parent' then 1 else 0 end,
                reached.reached
        ) as choice
    from reached
    left join steps on reached.reached = steps.customer_id
    left join circles on reached.reached = circles.customer_id
    where steps.customer_id is null
        or circles.customer_id is not null
)

select
    clusters.customer_id,
    coalesce(ends.top_customer_id, clusters.customer_id) as top_customer_id,
    coalesce(placed.group_id, ends.top_customer_id, clusters.customer_id) as group_id,
    placed.group_name as steward_group_name,
    case
        when placed.group_id is not null then 'steward'
        when ends.top_customer_id <> clusters.customer_id then steps.parent_from
        else 'own'
    end as group_from,
    circles.customer_id is not null as is_parent_circle
from clusters
left join ends
    on clusters.customer_id = ends.customer_id
        and ends.choice = 1
left join placed
    on coalesce(ends.top_customer_id, clusters.customer_id) = placed.customer_id
left join steps on clusters.customer_id = steps.customer_id
left join circles on clusters.customer_id = circles.customer_id
