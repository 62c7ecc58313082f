-- All months and item groups of a customer are its sales. A customer with an unknown
-- sale has no sum, so it is left out.
with trends as (
    select
        customer_id,
        sum(value_reporting) as sales
    from {{ ref('buying_trends') }}
    group by customer_id
    having count(*) = count(value_reporting)
),

documents as (
    select
        customer_id,
        sum(net_reporting) as sales
    from {{ ref('int_sales_documents') }}
    group by customer_id
    having count(*) = count(net_reporting)
)

select
    documents.customer_id,
    trends.sales as of_trends,
    documents.sales as of_documents
from documents
left join trends on documents.customer_id = trends.customer_id
where documents.sales <> coalesce(trends.sales, 0)
