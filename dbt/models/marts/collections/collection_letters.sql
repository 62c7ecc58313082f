-- Grain: one row per letter that is due at the as-of date: account and document
-- currency. To pay = what its lines ask for - credits + interest + fee.
-- A letter is sent when it is released: until then it is due again in the next build,
-- under the same letter_id.
with proposals as (
    select * from {{ ref('int_letter_proposals') }}
),

letters as (
    select * from proposals
    where waits_because is null
),

line_sums as (
    select
        letter_id,
        {{ money('sum(interest)') }} as interest,
        bool_or(is_live_balance) as is_live_balance,
        cast(count(*) as integer) as lines
    from {{ ref('collection_letter_lines') }}
    group by letter_id
),

-- A letter names each document once, however many of its instalments it asks for.
named as (
    select
        letter_id,
        document_no,
        document_id,
        min(line_no) as line_no
    from {{ ref('collection_letter_lines') }}
    group by letter_id, document_key, document_no, document_id
),

documents as (
    select
        letter_id,
        {{ joined_text('document_no', 'line_no', ', ') }} as document_nos,
        {{ joined_text('document_id', 'line_no', ';') }} as document_ids
    from named
    group by letter_id
),

next_steps as (
    select
        level,
        lead(days_since_last) over (
            order by level
        ) as days_to_pay
    from (
        select
            level,
            min(days_since_last) as days_since_last
        from {{ ref('stg_dunning_policy') }}
        group by level
    ) as steps
),

-- Two ledgers may use one number for different accounts.
addressees as (
    select
        *,
        case
            when count(*) over (partition by account_code) = 1 then account_code
            else source || '-' || account_id
        end as reference_code
    from {{ ref('int_addressees') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

summed as (
    select
        letters.*,
        line_sums.lines,
        line_sums.interest,
        line_sums.is_live_balance,
        {{ money('letters.net + line_sums.interest + letters.fee') }} as to_pay,
        documents.document_nos,
        documents.document_ids,
        case
            when next_steps.days_to_pay > 0
                then {{ add_days('letters.as_of_date', 'next_steps.days_to_pay') }}
        end as pay_by
    from letters
    inner join line_sums on letters.letter_id = line_sums.letter_id
    inner join documents on letters.letter_id = documents.letter_id
    left join next_steps on letters.next_level = next_steps.level
),

referenced as (
    select
        summed.*,
        addressees.reference_code || '-' || {{ compact_date('summed.as_of_date') }}
        || '-' || summed.currency || '-' || cast(summed.next_level as varchar)
            as letter_ref
    from summed
    inner join addressees on summed.account_key = addressees.account_key
)

select
    referenced.letter_id,
    referenced.letter_ref,
    {{ addressee_columns('addressees') }}
    referenced.next_level as level,
    referenced.template,
    referenced.channel,
    referenced.last_level,
    referenced.last_sent_on,
    referenced.currency,
    referenced.reporting_currency,
    referenced.documents,
    referenced.lines,
    referenced.document_ids,
    referenced.oldest_days,
    referenced.due_since,
    referenced.overdue,
    referenced.disputed,
    referenced.promised,
    referenced.asked,
    referenced.credits,
    referenced.interest_pct_pa,
    referenced.interest,
    referenced.fee,
    referenced.to_pay,
    {{ prorated(
        'referenced.net_reporting', 'referenced.to_pay', 'referenced.net'
    ) }} as to_pay_reporting,
    referenced.pay_by,
    {{ letter_subject(
        'referenced.letter_ref', 'referenced.next_level', 'referenced.to_pay',
        'referenced.currency'
    ) }} as subject,
    {{ letter_text(
        'referenced.next_level', 'referenced.channel', 'referenced.document_nos',
        'referenced.to_pay', 'referenced.interest', 'referenced.fee',
        'referenced.currency'
    ) }} as text,
    'due' as state,
    case
        when lower(referenced.channel) in ('email', 'e-mail')
            then case when addressees.contact_email is null then 'no mail address' end
        when lower(referenced.channel) in ('phone', 'call')
            then case when addressees.contact_phone is null then 'no phone number' end
        when addressees.address_source is null then 'no postal address'
    end as cannot_be_sent_because,
    referenced.is_live_balance,
    referenced.as_of_date,
    run_context.is_forced
from referenced
cross join run_context
inner join addressees on referenced.account_key = addressees.account_key
