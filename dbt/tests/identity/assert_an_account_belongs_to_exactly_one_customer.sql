-- Every account that was delivered is in trading_accounts once, with one customer.
select
    accounts.account_key,
    count(trading_accounts.customer_id) as customers
from {{ ref('stg_erp_account') }} as accounts
left join {{ ref('trading_accounts') }} as trading_accounts
    on accounts.account_key = trading_accounts.account_key
group by accounts.account_key
having count(trading_accounts.customer_id) <> 1
