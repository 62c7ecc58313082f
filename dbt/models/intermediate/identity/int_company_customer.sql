-- Grain: one row per CRM company, merged or not, with the one customer it is of.
with companies as (
    select * from {{ ref('int_companies') }}
),

clusters as (
    select * from {{ ref('int_cluster_customer') }}
)

select
    companies.company_key,
    companies.surviving_company_key,
    clusters.customer_id
from companies
inner join clusters on companies.cluster_key = clusters.cluster_key
