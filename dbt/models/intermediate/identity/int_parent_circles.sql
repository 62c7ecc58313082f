-- Grain: one row per company or account whose stated parents lead back to itself, or
-- whose customer's parents do.
with recursive steps as (
    select
        {{ member_key('company', 'company_key') }} as record,
        {{ member_key('company', 'parent_company_key') }} as parent
    from {{ ref('stg_crm_company') }}
    where parent_company_key <> company_key
    union all
    select
        {{ member_key('account', 'account_key') }} as record,
        {{ member_key('account', 'parent_account_key') }} as parent
    from {{ ref('stg_erp_account') }}
    where parent_account_key <> account_key
),

reached as (
    {{ reached_from('steps', 'record', 'parent', 'reached') }}
),

members as (
    select
        members.member_key,
        groups.is_parent_circle
    from {{ ref('int_customer_members') }} as members
    inner join {{ ref('int_cluster_customer') }} as clusters
        on members.cluster_key = clusters.cluster_key
    inner join {{ ref('int_customer_groups') }} as groups
        on clusters.customer_id = groups.customer_id
),

circles as (
    select node as member_key
    from reached
    where node = reached
    union
    select members.member_key
    from members
    inner join steps on members.member_key = steps.record
    where members.is_parent_circle
)

select member_key
from circles
