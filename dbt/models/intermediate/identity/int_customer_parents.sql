-- Grain: one row per customer that has a parent customer.
-- The parent company of the CRM, else the parent account of the ERP. A record whose
-- parent belongs to the same customer, or that nobody delivers, names no parent. Of
-- several the surviving company's own, then the smallest key, is taken.
with members as (
    select * from {{ ref('int_customer_members') }}
),

clusters as (
    select * from {{ ref('int_cluster_customer') }}
),

customers as (
    select
        members.record_key,
        members.side,
        members.company_key,
        clusters.customer_id
    from members
    inner join clusters on members.cluster_key = clusters.cluster_key
),

stated as (
    select
        'company' as side,
        company_key as record_key,
        parent_company_key as parent_record_key
    from {{ ref('stg_crm_company') }}
    where parent_company_id is not null
    union all
    select
        'account' as side,
        account_key as record_key,
        parent_account_key as parent_record_key
    from {{ ref('stg_erp_account') }}
    where parent_account_id is not null
),

ranked as (
    select
        children.customer_id,
        parents.customer_id as parent_customer_id,
        case stated.side when 'company' then 'crm_parent' else 'erp_parent'
        end as parent_from,
        row_number() over (
            partition by children.customer_id
            order by
                case stated.side when 'company' then 0 else 1 end,
                case when children.record_key = children.company_key then 0 else 1 end,
                children.record_key
        ) as choice
    from stated
    inner join customers as children
        on stated.side = children.side
            and stated.record_key = children.record_key
    inner join customers as parents
        on stated.side = parents.side
            and stated.parent_record_key = parents.record_key
    where children.customer_id <> parents.customer_id
)

select
    customer_id,
    parent_customer_id,
    parent_from
from ranked
where choice = 1
