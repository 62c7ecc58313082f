select
    clusters.customer_id,
    count(distinct companies.surviving_company_key) as companies
from {{ ref('int_companies') }} as companies
inner join {{ ref('int_customer_members') }} as members
    on companies.company_key = members.record_key
        and members.side = 'company'
inner join {{ ref('int_cluster_customer') }} as clusters
    on members.cluster_key = clusters.cluster_key
group by clusters.customer_id
having count(distinct companies.surviving_company_key) > 1
