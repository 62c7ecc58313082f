-- Grain: one row per account and period in which its limit, and what else its credit
-- profile says, stays the same, from valid_from up to and without valid_until.
-- The steward's limit replaces the ERP's as long as it holds. Once it has expired, an
-- amount that the ERP's own limit still holds for takes its place; nothing else does,
-- and the expired one stands.
with profiles as (
    select * from {{ ref('int_profile_periods') }}
),

steward_limits as (
    select * from {{ ref('int_steward_limit_periods') }}
    where level = 'account'
),

days as (
    select
        account_key,
        valid_from as day
    from profiles
    union
    select
        id as account_key,
        valid_from as day
    from steward_limits
),

-- At most one profile and one steward's limit on a day.
placed as (
    select
        days.account_key,
        days.day,
        case
            when steward_limits.id is null and profiles.account_key is not null
                then 'erp'
            when steward_limits.is_expired
                and profiles.credit_limit is not null
                and not profiles.is_expired
                then 'erp'
            else 'steward'
        end as limit_source,
        steward_limits.credit_limit as steward_limit,
        steward_limits.currency as steward_currency,
        steward_limits.valid_to as steward_valid_to,
        steward_limits.is_expired as is_steward_expired,
        profiles.credit_limit as erp_limit,
        profiles.currency as erp_currency,
        profiles.valid_to as erp_valid_to,
        profiles.is_expired as is_erp_expired,
        profiles.insured_limit,
        profiles.insured_until,
        profiles.on_hold,
        profiles.hold_reason,
        profiles.hold_set_by,
        profiles.hold_until,
        profiles.next_review,
        profiles.bypass
    from days
    left join profiles
        on days.account_key = profiles.account_key
            and days.day >= profiles.valid_from
            and days.day < profiles.valid_until
    left join steward_limits
        on days.account_key = steward_limits.id
            and days.day >= steward_limits.valid_from
            and days.day < steward_limits.valid_until
)

select
    account_key,
    day as valid_from,
    {{ next_day('account_key', 'day') }} as valid_until,
    limit_source,
    case limit_source when 'erp' then erp_limit else steward_limit end as credit_limit,
    case limit_source when 'erp' then erp_currency else steward_currency end
        as currency,
    case limit_source when 'erp' then erp_valid_to else steward_valid_to end
        as valid_to,
    case limit_source when 'erp' then is_erp_expired else is_steward_expired end
        as is_expired,
    insured_limit,
    case when insured_limit is not null then erp_currency end as insured_currency,
    insured_until,
    coalesce(on_hold, false) as on_hold,
    hold_reason,
    hold_set_by,
    hold_until,
    next_review,
    coalesce(bypass, false) as bypass
from placed
