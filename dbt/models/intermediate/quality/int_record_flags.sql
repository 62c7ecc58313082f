-- Grain: one row per record and rule of int_flag_checks that it breaks.
with flags as (
    select * from {{ ref('int_identity_flags') }}
    union all
    select * from {{ ref('int_document_flags') }}
    union all
    select * from {{ ref('int_reference_flags') }}
    union all
    select * from {{ ref('int_survivorship_flags') }}
),

members as (
    select * from {{ ref('int_customer_members') }}
),

clusters as (
    select * from {{ ref('int_cluster_customer') }}
)

select
    flags.source,
    flags.table_name,
    flags.record_key,
    flags.check_name,
    clusters.customer_id
from flags
left join members on flags.member_key = members.member_key
left join clusters on members.cluster_key = clusters.cluster_key
