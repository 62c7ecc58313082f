-- Grain: one row per document and period in which its balance stays the same, from
-- valid_from up to and without valid_until, of every source that states how its
-- receivables were settled. Amounts are effects: debit positive, credit negative.
-- Residual: the amount less the allocations in effect; where the source has none, its
-- own live balance of the extract date (a document without one counts in full,
-- flagged).
-- A difference of rates stays open in base currency until it is posted.
-- Paid: by money, in or out. Settled on: since when nothing of it remains.
with documents as (
    select * from {{ ref('int_documents') }}
    where settlement in ('allocations', 'live_balance')
        and exists_from < exists_until
),

allocations as (
    select
        *,
        case when is_undated then 1 else 0 end as undated
    from {{ ref('int_allocations') }}
    where effective_from < effective_until
),

-- What settles a debit is positive, what uses up a credit is negative.
sides as (
    select
        debit_document_key as document_key,
        amount as settled,
        base_amount as settled_base,
        case when {{ is_money('credit_document_type') }} then amount else 0 end as paid,
        0 as discounts_left_out,
        undated,
        effective_from,
        effective_until
    from allocations
    union all
    select
        credit_document_key as document_key,
        -credit_amount as settled,
        -credit_base_amount as settled_base,
        case when {{ is_money('debit_document_type') }} then -credit_amount else 0 end
            as paid,
        case when discount_amount <> 0 then 1 else 0 end as discounts_left_out,
        undated,
        effective_from,
        effective_until
    from allocations
),

moves as (
    select
        document_key,
        effective_from as moved_on,
        settled,
        settled_base,
        paid,
        discounts_left_out,
        undated
    from sides
    union all
    select
        document_key,
        effective_until as moved_on,
        -settled as settled,
        -settled_base as settled_base,
        -paid as paid,
        -discounts_left_out as discounts_left_out,
        -undated as undated
    from sides
    where effective_until < {{ last_day_ever() }}
    union all
    select
        document_key,
        exists_from as moved_on,
        0 as settled,
        0 as settled_base,
        0 as paid,
        0 as discounts_left_out,
        0 as undated
    from documents
),

by_day as (
    select
        document_key,
        moved_on,
        sum(settled) as settled,
        sum(settled_base) as settled_base,
        sum(paid) as paid,
        sum(discounts_left_out) as discounts_left_out,
        sum(undated) as undated
    from moves
    group by document_key, moved_on
),

running as (
    select
        document_key,
        moved_on,
        lead(moved_on) over document_days as next_moved_on,
        sum(settled) over document_days as settled,
        sum(settled_base) over document_days as settled_base,
        sum(paid) over document_days as paid,
        sum(discounts_left_out) over document_days as discounts_left_out,
        sum(undated) over document_days as undated
    from by_day
    window document_days as (
        partition by document_key
        order by moved_on
    )
),

-- No allocation is in effect before its document exists, nor after it.
balanced as (
    select
        documents.document_key,
        documents.account_key,
        documents.currency,
        documents.base_currency,
        running.moved_on as valid_from,
        coalesce(running.next_moved_on, documents.exists_until) as valid_until,
        documents.exists_from,
        documents.effect,
        documents.effect_base,
        documents.settlement = 'live_balance' as is_live_balance,
        case documents.settlement
            when 'live_balance' then coalesce(documents.stated_open, documents.effect)
            else documents.effect - running.settled
        end as residual,
        case
            when documents.settlement <> 'live_balance'
                then documents.effect_base - running.settled_base
            when coalesce(documents.stated_open, documents.effect) = documents.effect
                then documents.effect_base
            else {{ convert('documents.stated_open', 'documents.exchange_rate') }}
        end as residual_base,
        case when documents.settlement <> 'live_balance' then running.paid end as paid,
        running.discounts_left_out,
        running.undated > 0 as has_undated_allocation
    from running
    inner join documents on running.document_key = documents.document_key
    where running.moved_on < documents.exists_until
),

-- The discount that a credit document keeps is known to the cent only, so a used-up one
-- may be a cent off in base currency: that is rounding, not a balance.
rounded as (
    select
        *,
        max(case when residual <> 0 then valid_until end) over (
            partition by document_key
            order by valid_from
            rows between unbounded preceding and current row
        ) as last_open_until
    from balanced
)

select
    document_key,
    account_key,
    currency,
    base_currency,
    valid_from,
    valid_until,
    is_live_balance,
    effect,
    effect_base,
    {{ money('residual') }} as residual,
    {{ money("""case
        when residual = 0
            and abs(residual_base) <= cast(0.01 as decimal(18, 4)) * discounts_left_out
            then 0
        else residual_base
    end""") }} as residual_base,
    {{ money('paid') }} as paid,
    has_undated_allocation,
    case
        when residual = 0 and effect <> 0 and not is_live_balance
            then coalesce(last_open_until, exists_from)
    end as settled_on
from rounded
