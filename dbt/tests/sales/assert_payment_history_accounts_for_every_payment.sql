-- What settled a document, or was used of it, is the document less what remains of it;
-- and what payments leave unallocated is what ar_open_items holds of credits. In base
-- currency a payment may be off by the cent to which each discount on it was rounded.
with documents as (
    select * from {{ ref('int_document_balances') }}
),

history as (
    select * from {{ ref('payment_history') }}
),

moves as (
    select
        document_key,
        amount,
        amount_base,
        0 as discounts
    from history
    where not is_unallocated
    union all
    select
        payment_key as document_key,
        -payment_amount as amount,
        discount_taken_base - amount_base as amount_base,
        case when discount_taken <> 0 then 1 else 0 end as discounts
    from history
    where not is_unallocated
),

by_document as (
    select
        document_key,
        sum(amount) as amount,
        sum(amount_base) as amount_base,
        sum(discounts) as discounts
    from moves
    group by document_key
),

left_over as (
    select
        payment_key as document_key,
        sum(payment_amount) as amount,
        sum(amount_base) as amount_base,
        sum(amount_reporting) as amount_reporting
    from history
    where is_unallocated
    group by payment_key
),

open_credits as (
    select
        document_key,
        -sum(residual) as amount,
        -sum(residual_base) as amount_base,
        -sum(residual_reporting) as amount_reporting
    from {{ ref('ar_open_items') }}
    where case when amount <> 0 then amount < 0 else amount_base < 0 end
    group by document_key
)

select
    'what was settled' as what,
    documents.document_key
from documents
left join by_document on documents.document_key = by_document.document_key
where documents.settlement = 'allocations'
    and (
        coalesce(by_document.amount, 0) <> documents.effect - documents.residual
        or abs(
            coalesce(by_document.amount_base, 0)
            - documents.effect_base
            + documents.residual_base
        ) > cast(0.01 as decimal(18, 4)) * coalesce(by_document.discounts, 0)
    )
union all
select
    'what was left' as what,
    coalesce(left_over.document_key, open_credits.document_key) as document_key
from left_over
full outer join open_credits on left_over.document_key = open_credits.document_key
where coalesce(left_over.amount, 0) <> coalesce(open_credits.amount, 0)
    or coalesce(left_over.amount_base, 0) <> coalesce(open_credits.amount_base, 0)
    or coalesce(left_over.amount_reporting, 0)
    <> coalesce(open_credits.amount_reporting, 0)
