-- A tie links nothing, so each of its candidates waits for a person.
select trading_accounts.account_key
from {{ ref('trading_accounts') }} as trading_accounts
left join {{ ref('match_review_queue') }} as queue
    on trading_accounts.account_key = queue.account_key
        and queue.reason = 'tie'
where trading_accounts.match_status = 'tie'
group by trading_accounts.account_key
having count(queue.company_key) < 2
