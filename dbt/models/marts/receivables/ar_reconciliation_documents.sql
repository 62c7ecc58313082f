-- Grain: one row per control account that differs from its general ledger and document,
-- or refused row, that could explain it; at most 50 for each, the likeliest first.
-- What would be the whole difference comes first, then the kinds in the order of how
-- often they are the cause, then what comes nearest to the difference.
with candidates as (
    select * from {{ ref('int_reconciliation_candidates') }}
),

reconciliation as (
    select * from {{ ref('ar_reconciliation') }}
),

documents as (
    select * from {{ ref('int_documents') }}
),

account_customer as (
    select * from {{ ref('int_account_customer') }}
),

judged as (
    select
        *,
        coalesce(document_key, refused_row) as candidate,
        coalesce(abs(contributes - gap) < 0.005, false) as is_whole_difference,
        {{ reconciliation_rank('why') }} as why_rank
    from candidates
),

chosen as (
    select
        *,
        row_number() over (
            partition by entity_key, control_account, currency, candidate
            order by is_whole_difference desc, why_rank asc, contributes asc
        ) as choice
    from judged
),

every_reason as (
    select
        entity_key,
        control_account,
        currency,
        candidate,
        {{ joined_text('why', 'why_rank') }} as reasons
    from judged
    group by entity_key, control_account, currency, candidate
),

ranked as (
    select
        chosen.*,
        row_number() over (
            partition by chosen.entity_key, chosen.control_account, chosen.currency
            order by
                chosen.is_whole_difference desc,
                chosen.why_rank asc,
                abs(chosen.contributes - chosen.gap) asc nulls last,
                documents.document_date desc nulls last,
                chosen.candidate asc
        ) as place
    from chosen
    left join documents on chosen.document_key = documents.document_key
    where chosen.choice = 1
)

select
    reconciliation.source,
    reconciliation.entity_key,
    reconciliation.control_account,
    reconciliation.currency,
    reconciliation.difference,
    reconciliation.base_currency,
    reconciliation.difference_base,
    cast(ranked.place as integer) as place,
    ranked.why,
    every_reason.reasons,
    ranked.is_whole_difference,
    ranked.contributes,
    ranked.gap_currency as contributes_currency,
    ranked.document_key,
    documents.document_type,
    documents.document_no,
    documents.document_date,
    documents.posting_date,
    documents.account_key,
    account_customer.customer_id,
    documents.currency as document_currency,
    documents.effect as document_amount,
    ranked.refused_row,
    ranked.as_of_date,
    reconciliation.is_forced
from ranked
inner join reconciliation
    on ranked.entity_key = reconciliation.entity_key
        and ranked.control_account = reconciliation.control_account
        and ranked.currency = reconciliation.currency
inner join every_reason
    on ranked.entity_key = every_reason.entity_key
        and ranked.control_account = every_reason.control_account
        and ranked.currency = every_reason.currency
        and ranked.candidate = every_reason.candidate
left join documents on ranked.document_key = documents.document_key
left join account_customer on documents.account_key = account_customer.account_key
where ranked.place <= 50
