-- Grain: one row per ERP account: the money that hangs on knowing whose it is.
-- What it owes, its open orders and its sales of the twelve months up to the as-of
-- date, both net, in reporting currency; null where a part has no price or no rate.
with accounts as (
    select account_key from {{ ref('stg_erp_account') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

balances as (
    select
        account_key,
        {{ known_sum('outstanding_reporting') }} as amount
    from {{ ref('ar_ageing') }}
    group by account_key
),

orders as (
    select
        account_key,
        {{ known_sum('open_net_reporting') }} as amount
    from {{ ref('unprocessed_orders') }}
    where account_key is not null
    group by account_key
),

sales as (
    select
        sales.ordering_account_key as account_key,
        {{ known_sum('sales.net_reporting') }} as amount
    from {{ ref('int_sales_documents') }} as sales
    cross join run_context
    where sales.sale_date <= run_context.as_of_date
        and sales.sale_date > {{ add_months('run_context.as_of_date', -12) }}
    group by sales.ordering_account_key
)

select
    accounts.account_key,
    {{ zero_if_absent('balances.account_key', 'balances.amount') }}
        as outstanding_reporting,
    {{ zero_if_absent('orders.account_key', 'orders.amount') }}
        as open_orders_reporting,
    {{ zero_if_absent('sales.account_key', 'sales.amount') }} as sales_12m_reporting,
    {{ money(
        zero_if_absent('balances.account_key', 'balances.amount') ~ ' + '
        ~ zero_if_absent('orders.account_key', 'orders.amount') ~ ' + '
        ~ zero_if_absent('sales.account_key', 'sales.amount')
    ) }} as at_stake_reporting
from accounts
left join balances on accounts.account_key = balances.account_key
left join orders on accounts.account_key = orders.account_key
left join sales on accounts.account_key = sales.account_key
