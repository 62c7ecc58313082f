-- Grain: one row per credit subject and period in which its limit stays the same, from
-- valid_from up to and without valid_until. Limit: in the currency the subject is
-- compared in today, at the rate of the as-of date.
with subjects as (
    select * from {{ ref('int_credit_subjects') }}
),

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
),

periods as (
    select
        'account' as level,
        account_key as id,
        limit_source,
        credit_limit,
        currency,
        is_expired,
        valid_from,
        valid_until
    from {{ ref('int_account_limit_periods') }}
    union all
    select
        'customer' as level,
        customer_id as id,
        limit_source,
        credit_limit,
        currency,
        is_expired,
        valid_from,
        valid_until
    from {{ ref('int_customer_limit_periods') }}
    union all
    select
        level,
        id,
        'steward' as limit_source,
        credit_limit,
        currency,
        is_expired,
        valid_from,
        valid_until
    from {{ ref('int_steward_limit_periods') }}
    where level = 'group'
)

select
    subjects.level,
    subjects.id,
    periods.limit_source,
    {{ convert('periods.credit_limit', 'fx_as_of.rate') }} as credit_limit,
    periods.is_expired,
    subjects.level = 'customer'
    and subjects.accounts = 1
    and periods.limit_source = 'accounts' as is_limit_of_its_account,
    periods.valid_from,
    periods.valid_until
from periods
inner join subjects
    on periods.level = subjects.level
        and periods.id = subjects.id
left join fx_as_of
    on periods.currency = fx_as_of.from_currency
        and subjects.currency = fx_as_of.to_currency
where periods.valid_from <= subjects.as_of_date
    and periods.limit_source is not null
