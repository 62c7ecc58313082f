-- Whatever the buckets are, they hold what is outstanding: per ageing profile, account
-- and currency, in each of the three currencies.
with profiles as (
    select distinct profile
    from {{ ref('int_ageing_buckets') }}
),

outstanding as (
    select
        profiles.profile,
        ageing.account_key,
        ageing.currency,
        ageing.outstanding,
        ageing.outstanding_base,
        ageing.outstanding_reporting
    from {{ ref('ar_ageing') }} as ageing
    cross join profiles
),

bucketed as (
    select
        profile,
        account_key,
        currency,
        sum(amount) as amount,
        {{ sum_base('amount_base') }} as amount_base,
        {{ sum_whole('amount_reporting') }} as amount_reporting
    from {{ ref('ar_ageing_buckets') }}
    group by profile, account_key, currency
)

select
    coalesce(outstanding.profile, bucketed.profile) as profile,
    coalesce(outstanding.account_key, bucketed.account_key) as account_key,
    coalesce(outstanding.currency, bucketed.currency) as currency,
    outstanding.outstanding,
    bucketed.amount
from outstanding
full outer join bucketed
    on outstanding.profile = bucketed.profile
        and outstanding.account_key = bucketed.account_key
        and outstanding.currency = bucketed.currency
where outstanding.outstanding is distinct from bucketed.amount
    or outstanding.outstanding_base is distinct from bucketed.amount_base
    or outstanding.outstanding_reporting is distinct from bucketed.amount_reporting
