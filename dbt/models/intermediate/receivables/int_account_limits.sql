-- Grain: one row per billed account: its limit and credit profile at the as-of date.
-- No profile and no steward's limit: the limit is not known.
with accounts as (
    select * from {{ ref('int_billed_accounts') }}
),

periods as (
    select * from {{ ref('int_account_limit_periods') }}
),

manual_holds as (
    select * from {{ ref('int_manual_holds') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
)

-- At most one period and one manual hold of an account on a day.
select
    accounts.account_key,
    accounts.has_receivables,
    accounts.deleted_on,
    periods.limit_source,
    {{ limit_state('periods.limit_source', 'periods.credit_limit') }} as limit_state,
    periods.credit_limit,
    periods.currency,
    periods.valid_to,
    periods.insured_limit,
    periods.insured_currency,
    periods.insured_until,
    case
        when periods.insured_limit is not null
            then coalesce(periods.insured_until >= run_context.as_of_date, true)
    end as is_insurance_valid,
    manual_holds.account_key is not null as is_on_hold,
    manual_holds.hold_reason,
    manual_holds.hold_set_by,
    case when manual_holds.account_key is not null then periods.hold_until end
        as hold_until,
    periods.next_review,
    coalesce(periods.bypass, false) as bypass
from accounts
cross join run_context
left join periods
    on accounts.account_key = periods.account_key
        and run_context.as_of_date >= periods.valid_from
        and run_context.as_of_date < periods.valid_until
left join manual_holds
    on accounts.account_key = manual_holds.account_key
        and run_context.as_of_date >= manual_holds.held_from
        and run_context.as_of_date < manual_holds.held_until
