-- Grain: one row per customer with a billed account and period in which its limit stays
-- the same, from valid_from up to and without valid_until.
-- The steward's as long as it holds, else the sum over its accounts that still exist
-- and have receivables: no limit where one of them has none, not known where one of
-- them is not known. An expired limit of the steward gives way to an amount alone, and
-- to one that has not expired itself.
-- In the currency of the accounts' limits, in reporting currency where these differ, at
-- the rate of the as-of date.
with accounts as (
    select * from {{ ref('int_billed_accounts') }}
),

account_limits as (
    select * from {{ ref('int_account_limit_periods') }}
),

steward_limits as (
    select * from {{ ref('int_steward_limit_periods') }}
    where level = 'customer'
),

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
),

run_context as (
    select reporting_currency from {{ ref('stg_run_context') }}
),

days as (
    select
        accounts.customer_id,
        account_limits.valid_from as day
    from accounts
    inner join account_limits on accounts.account_key = account_limits.account_key
    union
    select
        id as customer_id,
        valid_from as day
    from steward_limits
),

-- At most one limit of an account on a day.
converted as (
    select
        days.customer_id,
        days.day,
        {{ limit_state('account_limits.limit_source', 'account_limits.credit_limit') }}
            as limit_state,
        account_limits.credit_limit,
        account_limits.currency,
        account_limits.valid_to,
        account_limits.is_expired,
        run_context.reporting_currency,
        {{ convert('account_limits.credit_limit', 'fx_as_of.rate') }} as limit_reporting
    from days
    inner join accounts on days.customer_id = accounts.customer_id
    cross join run_context
    left join account_limits
        on accounts.account_key = account_limits.account_key
            and days.day >= account_limits.valid_from
            and days.day < account_limits.valid_until
    left join fx_as_of
        on account_limits.currency = fx_as_of.from_currency
            and run_context.reporting_currency = fx_as_of.to_currency
    where accounts.has_receivables
        and accounts.deleted_on is null
),

summed as (
    select
        customer_id,
        day,
        bool_or(limit_state = 'none') as has_no_limit,
        bool_or(limit_state = 'unknown') as has_unknown_limit,
        case
            when min(currency) = max(currency) then min(currency)
            else min(reporting_currency)
        end as currency,
        case
            when min(currency) = max(currency) then sum(credit_limit)
            when count(limit_reporting) = count(*) then sum(limit_reporting)
        end as credit_limit,
        min(valid_to) as valid_to,
        coalesce(bool_or(is_expired), false) as is_expired
    from converted
    group by customer_id, day
),

-- At most one steward's limit and one sum per customer and day.
judged as (
    select
        days.customer_id,
        days.day,
        case
            when not steward_limits.is_expired then 'steward'
            when steward_limits.is_expired and (
                summed.has_no_limit
                or summed.has_unknown_limit
                or summed.is_expired
                or summed.credit_limit is null
            ) then 'steward'
            when summed.has_no_limit then 'accounts'
            when summed.has_unknown_limit then null
            when summed.credit_limit is not null then 'accounts'
        end as limit_source,
        steward_limits.credit_limit as steward_limit,
        steward_limits.currency as steward_currency,
        steward_limits.valid_to as steward_valid_to,
        steward_limits.is_expired as is_steward_expired,
        case when not summed.has_no_limit then summed.credit_limit end as sum_of_limits,
        summed.currency,
        summed.valid_to,
        summed.is_expired
    from days
    left join steward_limits
        on days.customer_id = steward_limits.id
            and days.day >= steward_limits.valid_from
            and days.day < steward_limits.valid_until
    left join summed
        on days.customer_id = summed.customer_id
            and days.day = summed.day
)

select
    customer_id,
    day as valid_from,
    {{ next_day('customer_id', 'day') }} as valid_until,
    limit_source,
    {{ money("""case limit_source
        when 'steward' then steward_limit
        when 'accounts' then sum_of_limits
    end""") }} as credit_limit,
    case limit_source when 'steward' then steward_currency else currency end
        as currency,
    case limit_source when 'steward' then steward_valid_to else valid_to end
        as valid_to,
    case limit_source when 'steward' then is_steward_expired else is_expired end
        as is_expired
from judged
