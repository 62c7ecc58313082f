-- Grain: one row per level and id by which a policy may name an account, a customer or
-- a group. A customer goes by its customer_id and by `source/company_id` of its
-- companies.
select
    'account' as level,
    account_key as named_id,
    account_key as id
from {{ ref('int_accounts') }}
union all
select
    'customer' as level,
    customer_id as named_id,
    customer_id as id
from {{ ref('int_customers') }}
union all
select
    'customer' as level,
    members.record_key as named_id,
    clusters.customer_id as id
from {{ ref('int_customer_members') }} as members
inner join {{ ref('int_cluster_customer') }} as clusters
    on members.cluster_key = clusters.cluster_key
where members.side = 'company'
union all
select distinct
    'group' as level,
    group_id as named_id,
    group_id as id
from {{ ref('int_customers') }}
