-- Grain: one row per billed account, per customer with one, per group with one.
-- Its limit at the as-of date and the currency its exposure is compared in: that of the
-- limit, else the reporting currency. A group has only the limit a steward gives it.
with accounts as (
    select * from {{ ref('int_billed_accounts') }}
),

account_limits as (
    select * from {{ ref('int_account_limits') }}
),

customer_limits as (
    select * from {{ ref('int_customer_limits') }}
),

group_limits as (
    select * from {{ ref('int_steward_limits') }}
    where level = 'group'
),

customers as (
    select * from {{ ref('int_customers') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

group_names as (
    select
        group_id,
        min(group_name) as group_name
    from customers
    group by group_id
),

by_customer as (
    select
        accounts.customer_id,
        min(accounts.group_id) as group_id,
        cast(count(*) as integer) as accounts,
        bool_or(accounts.has_receivables) as has_receivables,
        bool_and(account_limits.bypass) as bypass
    from accounts
    inner join account_limits on accounts.account_key = account_limits.account_key
    group by accounts.customer_id
),

by_group as (
    select
        group_id,
        cast(sum(accounts) as integer) as accounts,
        bool_or(has_receivables) as has_receivables,
        bool_and(bypass) as bypass
    from by_customer
    group by group_id
),

subjects as (
    select
        'account' as level,
        accounts.account_key as id,
        accounts.account_name as name,
        accounts.account_key,
        accounts.customer_id,
        accounts.group_id,
        1 as accounts,
        accounts.has_receivables,
        account_limits.bypass,
        account_limits.limit_source,
        account_limits.limit_state,
        account_limits.credit_limit,
        account_limits.currency,
        account_limits.valid_to
    from accounts
    inner join account_limits on accounts.account_key = account_limits.account_key
    union all
    select
        'customer' as level,
        by_customer.customer_id as id,
        customers.customer_name as name,
        cast(null as varchar) as account_key,
        by_customer.customer_id,
        by_customer.group_id,
        by_customer.accounts,
        by_customer.has_receivables,
        by_customer.bypass,
        customer_limits.limit_source,
        customer_limits.limit_state,
        customer_limits.credit_limit,
        customer_limits.currency,
        customer_limits.valid_to
    from by_customer
    inner join customer_limits
        on by_customer.customer_id = customer_limits.customer_id
    left join customers on by_customer.customer_id = customers.customer_id
    union all
    select
        'group' as level,
        by_group.group_id as id,
        group_names.group_name as name,
        cast(null as varchar) as account_key,
        cast(null as varchar) as customer_id,
        by_group.group_id,
        by_group.accounts,
        by_group.has_receivables,
        by_group.bypass,
        case when group_limits.id is not null then 'steward' end as limit_source,
        {{ limit_state(
            "case when group_limits.id is not null then 'steward' end",
            'group_limits.credit_limit'
        ) }} as limit_state,
        group_limits.credit_limit,
        group_limits.currency,
        group_limits.valid_to
    from by_group
    left join group_limits on by_group.group_id = group_limits.id
    left join group_names on by_group.group_id = group_names.group_id
)

select
    subjects.level,
    subjects.id,
    subjects.name,
    subjects.account_key,
    subjects.customer_id,
    subjects.group_id,
    subjects.accounts,
    subjects.has_receivables,
    subjects.bypass,
    subjects.limit_source,
    subjects.limit_state,
    subjects.credit_limit,
    case
        when subjects.limit_state in ('amount', 'cash_only') then subjects.currency
        else run_context.reporting_currency
    end as currency,
    run_context.reporting_currency,
    subjects.valid_to,
    coalesce(subjects.valid_to < run_context.as_of_date, false) as is_limit_expired,
    run_context.as_of_date
from subjects
cross join run_context
