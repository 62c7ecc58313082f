-- Grain: one row per billed account: its credit profile and limit at the as-of date.
-- The steward's limit for the account, else that of the ERP's last profile; an expired
-- one still stands. No profile and no steward's limit: the limit is not known.
with accounts as (
    select * from {{ ref('int_billed_accounts') }}
),

profile as (
    select * from {{ ref('stg_erp_credit_profile') }}
),

steward_limits as (
    select * from {{ ref('int_steward_limits') }}
    where level = 'account'
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

begun as (
    select
        profile.*,
        row_number() over (
            partition by profile.account_key
            order by profile.valid_from desc
        ) as age,
        -- The last profile without a hold ends the hold before it.
        max(case when not profile.on_hold then profile.valid_from end) over (
            partition by profile.account_key
        ) as last_free_from
    from profile
    inner join run_context on profile.valid_from <= run_context.as_of_date
),

held as (
    select
        account_key,
        min(valid_from) as hold_since
    from begun
    where on_hold
        and (last_free_from is null or valid_from > last_free_from)
    group by account_key
),

-- At most one current profile, one hold and one steward's limit per account.
current_limits as (
    select
        accounts.account_key,
        accounts.has_receivables,
        accounts.deleted_on,
        case
            when steward_limits.id is not null then 'steward'
            when begun.account_key is not null then 'erp'
        end as limit_source,
        case
            when steward_limits.id is not null then steward_limits.credit_limit
            else begun.credit_limit
        end as credit_limit,
        case
            when steward_limits.id is not null then steward_limits.currency
            else begun.limit_currency
        end as currency,
        case
            when steward_limits.id is not null then steward_limits.valid_to
            else begun.valid_to
        end as valid_to,
        coalesce(begun.on_hold, false)
        and coalesce(begun.hold_until >= run_context.as_of_date, true) as is_on_hold,
        begun.hold_reason,
        begun.hold_set_by,
        begun.hold_until,
        held.hold_since,
        begun.next_review,
        coalesce(begun.bypass, false) as bypass
    from accounts
    cross join run_context
    left join begun
        on accounts.account_key = begun.account_key
            and begun.age = 1
    left join held on accounts.account_key = held.account_key
    left join steward_limits on accounts.account_key = steward_limits.id
)

select
    account_key,
    has_receivables,
    deleted_on,
    limit_source,
    {{ limit_state('limit_source', 'credit_limit') }} as limit_state,
    credit_limit,
    currency,
    valid_to,
    is_on_hold,
    hold_reason,
    hold_set_by,
    hold_until,
    hold_since,
    next_review,
    bypass
from current_limits
