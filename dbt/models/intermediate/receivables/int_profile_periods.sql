-- Grain: one row per account and period in which one credit profile of the ERP holds,
-- from valid_from up to and without valid_until, of any date.
-- The last profile to have begun and still valid; where none is, the last one that was
-- still stands, expired.
with profile as (
    select * from {{ ref('stg_erp_credit_profile') }}
),

days as (
    select
        account_key,
        valid_from as day
    from profile
    union
    select
        account_key,
        {{ add_days('valid_to', 1) }} as day
    from profile
    where valid_to is not null
),

ranked as (
    select
        profile.*,
        days.day,
        row_number() over (
            partition by days.account_key, days.day
            order by {{ in_force_first('profile', 'days.day') }}
        ) as choice
    from days
    inner join profile
        on days.account_key = profile.account_key
            and days.day >= profile.valid_from
)

select
    account_key,
    day as valid_from,
    {{ next_day('account_key', 'day') }} as valid_until,
    credit_limit,
    limit_currency as currency,
    valid_to,
    coalesce(valid_to < day, false) as is_expired,
    insured_limit,
    insured_until,
    on_hold,
    hold_reason,
    hold_set_by,
    hold_until,
    next_review,
    bypass
from ranked
where choice = 1
