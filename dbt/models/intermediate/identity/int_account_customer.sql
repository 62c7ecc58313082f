-- Grain: one row per ERP account, linked or not: an account is of exactly one customer.
with accounts as (
    select * from {{ ref('int_account_match') }}
),

members as (
    select * from {{ ref('int_customer_members') }}
),

clusters as (
    select * from {{ ref('int_cluster_customer') }}
),

groups as (
    select * from {{ ref('int_customer_groups') }}
),

link_days as (
    select * from {{ ref('int_link_days') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
)

select
    accounts.account_key,
    clusters.customer_id,
    groups.group_id,
    accounts.company_key,
    accounts.match_status,
    accounts.match_tier,
    accounts.match_score,
    accounts.evidence,
    accounts.compared,
    accounts.decided_by,
    case
        when accounts.company_key is not null then coalesce(
            accounts.linked_since, link_days.linked_on, run_context.as_of_date
        )
    end as linked_since,
    accounts.is_conflict,
    accounts.candidates,
    accounts.rejections
from accounts
cross join run_context
inner join members
    on accounts.account_key = members.record_key
        and members.side = 'account'
inner join clusters on members.cluster_key = clusters.cluster_key
inner join groups on clusters.customer_id = groups.customer_id
left join link_days
    on members.member_key = link_days.member_key
        and accounts.company_key = link_days.company_key
