select
    account_key,
    company_key
from {{ ref('match_review_queue') }}
group by account_key, company_key
having count(*) > 1
