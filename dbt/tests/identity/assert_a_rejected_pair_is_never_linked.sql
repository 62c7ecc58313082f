select
    account_customer.account_key,
    account_customer.company_key
from {{ ref('int_account_customer') }} as account_customer
inner join {{ ref('int_match_decisions') }} as decisions
    on account_customer.account_key = decisions.account_key
        and account_customer.company_key = decisions.company_key
where decisions.decision = 'reject'
