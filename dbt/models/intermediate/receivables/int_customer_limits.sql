-- Grain: one row per customer with a billed account: its limit at the as-of date.
-- The steward's, else the sum over its accounts that still exist and have receivables:
-- no limit where one of them has none, not known where one of them is not known.
-- In the currency of the accounts' limits, in reporting currency where these differ.
with accounts as (
    select * from {{ ref('int_billed_accounts') }}
),

account_limits as (
    select * from {{ ref('int_account_limits') }}
),

steward_limits as (
    select * from {{ ref('int_steward_limits') }}
    where level = 'customer'
),

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
),

run_context as (
    select reporting_currency from {{ ref('stg_run_context') }}
),

customers as (
    select distinct customer_id
    from accounts
),

converted as (
    select
        accounts.customer_id,
        account_limits.limit_state,
        account_limits.credit_limit,
        account_limits.currency,
        account_limits.valid_to,
        run_context.reporting_currency,
        {{ convert('account_limits.credit_limit', 'fx_as_of.rate') }} as limit_reporting
    from account_limits
    inner join accounts on account_limits.account_key = accounts.account_key
    cross join run_context
    left join fx_as_of
        on account_limits.currency = fx_as_of.from_currency
            and run_context.reporting_currency = fx_as_of.to_currency
    where account_limits.has_receivables
        and account_limits.deleted_on is null
),

summed as (
    select
        customer_id,
        bool_or(limit_state = 'none') as has_no_limit,
        bool_or(limit_state = 'unknown') as has_unknown_limit,
        min(currency) = max(currency) as is_one_currency,
        case
            when min(currency) = max(currency) then min(currency)
            else min(reporting_currency)
        end as currency,
        case
            when min(currency) = max(currency) then sum(credit_limit)
            when count(limit_reporting) = count(*) then sum(limit_reporting)
        end as credit_limit,
        min(valid_to) as valid_to
    from converted
    group by customer_id
),

-- At most one steward's limit and one sum per customer.
chosen as (
    select
        customers.customer_id,
        case
            when steward_limits.id is not null then 'steward'
            when summed.has_no_limit then 'accounts'
            when summed.has_unknown_limit then null
            when summed.credit_limit is not null then 'accounts'
        end as limit_source,
        case
            when steward_limits.id is not null then steward_limits.credit_limit
            when not summed.has_no_limit and not summed.has_unknown_limit
                then summed.credit_limit
        end as credit_limit,
        coalesce(steward_limits.currency, summed.currency) as currency,
        case
            when steward_limits.id is not null then steward_limits.valid_to
            else summed.valid_to
        end as valid_to
    from customers
    left join steward_limits on customers.customer_id = steward_limits.id
    left join summed on customers.customer_id = summed.customer_id
)

select
    customer_id,
    limit_source,
    {{ limit_state('limit_source', 'credit_limit') }} as limit_state,
    {{ money('credit_limit') }} as credit_limit,
    currency,
    valid_to
from chosen
