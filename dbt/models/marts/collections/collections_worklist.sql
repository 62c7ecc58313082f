-- Grain: one row per account that owes something overdue, ranked by what is worth
-- calling: what can be chased now (not disputed, not promised, credits netted off), in
-- reporting currency, weighted by how late it is, double where a promise was broken.
-- Letter: that of the currency in which most is due now; an account has a round of
-- letters for each currency.
with items as (
    select
        *,
        {{ chase_weight('days_overdue', 'is_broken') }} as weight
    from {{ ref('int_collection_items') }}
),

proposals as (
    select
        *,
        row_number() over (
            partition by account_key
            order by
                case when waits_because is null then 0 else 1 end asc,
                net_reporting desc nulls last,
                currency asc
        ) as choice
    from {{ ref('int_letter_proposals') }}
),

first_letters as (
    select * from proposals
    where choice = 1
),

letters as (
    select
        account_key,
        cast(count(case when waits_because is null then 1 end) as integer)
            as letters_due,
        cast(max(last_level) as integer) as last_level,
        max(last_sent_on) as last_letter_on,
        {{ joined_text(
            amount_text('overdue') ~ " || ' ' || currency", 'currency'
        ) }} as overdue_by_currency
    from proposals
    group by account_key
),

disputes as (
    select
        documents.account_key,
        cast(count(*) as integer) as open_disputes,
        min(coalesce(dispute.opened_on, documents.document_date)) as oldest_dispute_on,
        min(dispute.owner) as dispute_owner
    from {{ ref('stg_erp_dispute') }} as dispute
    inner join (
        select
            document_key,
            account_key,
            document_date,
            max(as_of_date) as as_of_date
        from {{ ref('ar_open_items') }}
        where disputed > 0
            and days_overdue > 0
        group by document_key, account_key, document_date
    ) as documents on dispute.document_key = documents.document_key
    where coalesce(dispute.opened_on, documents.document_date) <= documents.as_of_date
        and coalesce(dispute.closed_on > documents.as_of_date, true)
    group by documents.account_key
),

summed as (
    select
        account_key,
        cast(count(*) as integer) as overdue_items,
        max(days_overdue) as oldest_days,
        {%- for amount, column in [
            ('overdue', 'residual_reporting'), ('disputed', 'disputed_reporting'),
            ('promised', 'promised_reporting'),
            ('credits', 'asked_reporting - net_reporting'),
            ('chaseable', 'net_reporting'), ('priority', 'net_reporting * weight'),
        ] %}
        {{ sum_whole(column) }} as {{ amount }}_reporting,
        {%- endfor %}
        {{ sum_whole('case when is_broken then net_reporting else 0 end') }}
            as broken_promise_reporting,
        cast(count(case when is_promised then 1 end) as integer) as promised_items,
        min(case when is_promised then promised_date end) as next_promised_date,
        cast(count(case when is_broken then 1 end) as integer) as broken_items,
        min(case when is_broken then promised_date end) as broken_promise_date,
        bool_or(is_live_balance) as is_live_balance,
        bool_or(is_rate_missing) as is_rate_missing
    from items
    group by account_key
),

payments as (
    select
        account_key,
        last_payment_date,
        last_payment_amount,
        currency,
        row_number() over (
            partition by account_key
            order by last_payment_date desc, currency asc
        ) as choice
    from {{ ref('ar_ageing') }}
    where last_payment_date is not null
),

addressees as (
    select * from {{ ref('int_addressees') }}
),

holds as (
    select * from {{ ref('int_account_hold') }}
),

habits as (
    select * from {{ ref('int_customer_payments') }}
),

relations as (
    select * from {{ ref('int_customer_relations') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

joined as (
    select
        addressees.*,
        run_context.reporting_currency,
        letters.overdue_by_currency,
        letters.letters_due,
        letters.last_level,
        letters.last_letter_on,
        summed.overdue_items,
        summed.oldest_days,
        {%- for amount in ['overdue', 'disputed', 'promised', 'credits', 'chaseable',
            'priority', 'broken_promise'] %}
        summed.{{ amount }}_reporting,
        {%- endfor %}
        summed.promised_items,
        summed.next_promised_date,
        summed.broken_items,
        summed.broken_promise_date,
        summed.is_live_balance,
        summed.is_rate_missing,
        coalesce(disputes.open_disputes, 0) as open_disputes,
        disputes.oldest_dispute_on,
        disputes.dispute_owner,
        first_letters.next_level,
        first_letters.waits_because,
        first_letters.next_letter_on,
        coalesce(holds.is_held, false) as is_on_hold,
        holds.reasons as hold_reasons,
        payments.last_payment_date,
        payments.last_payment_amount,
        payments.currency as last_payment_currency,
        habits.days_to_pay,
        relations.last_activity_at,
        coalesce({{ days_between(
            'disputes.oldest_dispute_on', 'run_context.as_of_date'
        ) }} > {{ dispute_days() }}, false) as has_aged_dispute,
        coalesce(summed.chaseable_reporting >= run_context.call_from, false)
            as is_worth_calling,
        run_context.as_of_date,
        run_context.is_forced
    from summed
    cross join run_context
    inner join letters on summed.account_key = letters.account_key
    inner join first_letters
        on summed.account_key = first_letters.account_key
    inner join addressees on summed.account_key = addressees.account_key
    left join disputes on summed.account_key = disputes.account_key
    left join holds on summed.account_key = holds.account_key
    left join payments
        on summed.account_key = payments.account_key
            and payments.choice = 1
    left join habits on addressees.customer_id = habits.customer_id
    left join relations on addressees.customer_id = relations.customer_id
)

select
    cast(row_number() over (
        order by
            priority_reporting desc nulls last,
            overdue_reporting desc nulls last,
            account_key asc
    ) as integer) as rank,
    case
        when waits_because = 'account_deleted' then 'review_account'
        when broken_items > 0 and coalesce(chaseable_reporting, 1) <> 0
            then 'call_broken_promise'
        when is_worth_calling then 'call'
        when letters_due > 0 then 'send_letter'
        when waits_because in ('highest_level_sent', 'no_policy', 'rate_missing')
            then 'call'
        when has_aged_dispute
            or waits_because in ('disputed', 'disputed_and_promised')
            then 'settle_dispute'
        when waits_because = 'covered_by_credits' then 'allocate_credits'
        when waits_because = 'promised' then 'wait_for_promise'
        else 'wait'
    end as suggested_action,
    source,
    account_key,
    account_code,
    account_name,
    customer_id,
    customer_name,
    group_id,
    group_name,
    entity_key,
    entity_name,
    crm_source,
    company_id,
    contact_id,
    contact_name,
    contact_email,
    contact_phone,
    salesperson_code,
    owner_name,
    overdue_by_currency,
    reporting_currency,
    overdue_reporting,
    disputed_reporting,
    promised_reporting,
    credits_reporting,
    chaseable_reporting,
    priority_reporting,
    overdue_items,
    oldest_days,
    promised_items,
    next_promised_date,
    broken_items,
    broken_promise_date,
    broken_promise_reporting,
    open_disputes,
    oldest_dispute_on,
    dispute_owner,
    last_level,
    last_letter_on,
    next_level,
    letters_due,
    waits_because,
    next_letter_on,
    is_on_hold,
    hold_reasons,
    last_payment_date,
    last_payment_amount,
    last_payment_currency,
    days_to_pay,
    last_activity_at,
    deleted_on,
    is_live_balance,
    is_rate_missing,
    as_of_date,
    is_forced
from joined
