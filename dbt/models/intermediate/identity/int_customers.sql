-- Grain: one row per customer: a CRM company with its accounts, a prospect without one,
-- or an ERP account that no company claims.
with clusters as (
    select * from {{ ref('int_cluster_customer') }}
),

members as (
    select
        cluster_key,
        max(company_key) as company_key,
        count(case when side = 'account' then 1 end) as accounts
    from {{ ref('int_customer_members') }}
    group by cluster_key
),

groups as (
    select * from {{ ref('int_customer_groups') }}
),

names as (
    select
        customer_id,
        field_value as customer_name,
        source as customer_name_source
    from {{ ref('int_customer_attributes') }}
    where field = 'name'
)

select
    clusters.customer_id,
    coalesce(names.customer_name, '(no name)') as customer_name,
    names.customer_name_source,
    members.company_key,
    groups.group_id,
    coalesce(groups.steward_group_name, tops.customer_name, names.customer_name)
        as group_name,
    groups.group_from,
    groups.is_parent_circle,
    cast(members.accounts as integer) as accounts,
    members.accounts = 0 as is_prospect,
    clusters.founder_key,
    clusters.is_new
from clusters
inner join members on clusters.cluster_key = members.cluster_key
inner join groups on clusters.customer_id = groups.customer_id
left join names on clusters.customer_id = names.customer_id
left join names as tops on groups.top_customer_id = tops.customer_id
