-- Grain: one row per account and document currency with something past its due date:
-- the letter that comes next, and why it does not go out now (null = it does).
-- The level is the policy's next one above the last of the present round; never the
-- same twice. Amounts: document currency; the minimum is compared in reporting
-- currency.
with items as (
    select
        account_key,
        currency,
        min(reporting_currency) as reporting_currency,
        cast(count(*) as integer) as items,
        cast(count(distinct case when asked > 0 then document_key end) as integer)
            as documents,
        max(case when net > 0 then days_overdue end) as oldest_days,
        {{ money('sum(residual)') }} as overdue,
        {{ money('sum(disputed)') }} as disputed,
        {{ money('sum(promised)') }} as promised,
        {{ money('sum(asked)') }} as asked,
        {{ money('sum(credited)') }} as credits,
        {{ money('sum(net)') }} as net,
        {{ sum_whole('net_reporting') }} as net_reporting
    from {{ ref('int_collection_items') }}
    group by account_key, currency
),

accounts as (
    select
        account_key,
        deleted_on
    from {{ ref('int_accounts') }}
),

cycles as (
    select * from {{ ref('int_dunning_cycles') }}
),

stated as (
    select
        *,
        row_number() over (
            partition by level
            order by source
        ) as choice
    from {{ ref('stg_dunning_policy') }}
),

policy as (
    select * from stated
    where choice = 1
),

steps as (
    select level
    from policy
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
),

-- A release that its ledger took back was no letter, but its id is used up.
written as (
    select
        account_key,
        letter_ref,
        level,
        sent_on
    from {{ ref('int_dunning_events') }}
    union all
    select
        releases.account_key,
        releases.letter_ref,
        releases.level,
        releases.released_on as sent_on
    from {{ ref('stg_letter_release') }} as releases
    inner join run_context on releases.released_on <= run_context.as_of_date
),

last_letters as (
    select
        account_key,
        letter_ref,
        row_number() over (
            partition by account_key
            order by sent_on desc, level desc, letter_ref desc
        ) as choice
    from written
),

next_levels as (
    select
        items.account_key,
        items.currency,
        min(steps.level) as next_level
    from items
    left join cycles
        on items.account_key = cycles.account_key
            and items.currency = cycles.currency
    inner join steps on steps.level > coalesce(cycles.last_level, 0)
    group by items.account_key, items.currency
),

proposed as (
    select
        items.*,
        accounts.deleted_on,
        cycles.last_level,
        cycles.last_sent_on,
        last_letters.letter_ref as last_letter_ref,
        cast(next_levels.next_level as integer) as next_level,
        policy.days_overdue as days_needed,
        policy.days_since_last,
        policy.minimum_amount,
        policy.channel,
        policy.template,
        coalesce(policy.interest_pct_pa, 0) as interest_pct_pa,
        case
            when coalesce(policy.fee, 0) = 0 then 0
            else round({{ convert('policy.fee', 'fx_as_of.rate') }}, 2)
        end as fee,
        {{ days_between('cycles.last_sent_on', 'run_context.as_of_date') }}
            as days_since,
        (select count(*) from steps) as policy_levels,
        run_context.as_of_date
    from items
    cross join run_context
    inner join accounts on items.account_key = accounts.account_key
    left join cycles
        on items.account_key = cycles.account_key
            and items.currency = cycles.currency
    left join last_letters
        on items.account_key = last_letters.account_key
            and last_letters.choice = 1
    left join next_levels
        on items.account_key = next_levels.account_key
            and items.currency = next_levels.currency
    left join policy on next_levels.next_level = policy.level
    left join fx_as_of
        on coalesce(policy.fee_currency, run_context.reporting_currency)
            = fx_as_of.from_currency
            and items.currency = fx_as_of.to_currency
),

judged as (
    select
        *,
        case
            when policy_levels = 0 then 'no_policy'
            when deleted_on is not null then 'account_deleted'
            when asked = 0 and promised = 0 then 'disputed'
            when asked = 0 and disputed = 0 then 'promised'
            when asked = 0 then 'disputed_and_promised'
            when net = 0 then 'covered_by_credits'
            when next_level is null then 'highest_level_sent'
            when net_reporting is null or fee is null then 'rate_missing'
            when net_reporting < minimum_amount then 'below_minimum'
            when oldest_days < days_needed then 'not_late_enough'
            when days_since < days_since_last then 'too_early'
        end as waits_because
    from proposed
)

select
    'L' || {{ short_hash("account_key || '|' || currency || '|'
        || coalesce(cast(next_level as varchar), '-') || '|'
        || coalesce(last_letter_ref, '-')") }} as letter_id,
    account_key,
    currency,
    reporting_currency,
    items,
    documents,
    coalesce(oldest_days, 0) as oldest_days,
    overdue,
    disputed,
    promised,
    asked,
    credits,
    net,
    net_reporting,
    last_level,
    last_sent_on,
    next_level,
    channel,
    template,
    interest_pct_pa,
    {{ money('fee') }} as fee,
    waits_because,
    case
        when waits_because is null then greatest(
            {{ add_days('as_of_date', 'days_needed - oldest_days') }},
            coalesce(
                {{ add_days('last_sent_on', 'days_since_last') }},
                {{ first_day_ever() }}
            )
        )
    end as due_since,
    case
        when waits_because is null then as_of_date
        when waits_because in ('not_late_enough', 'too_early') then greatest(
            {{ add_days('as_of_date', 'days_needed - oldest_days') }},
            coalesce(
                {{ add_days('last_sent_on', 'days_since_last') }},
                as_of_date
            )
        )
    end as next_letter_on,
    as_of_date
from judged
