-- Grain: one row per document that exists at the as-of date, of every source that
-- states how its receivables were settled. Amounts are effects: debit positive, credit
-- negative.
-- Residual: the amount less the allocations in effect; where the source has none, its
-- own live balance of the extract date (a document without one counts in full,
-- flagged).
-- A difference of rates stays open in base currency until it is posted.
with documents as (
    select * from {{ ref('int_documents') }}
),

settlements as (
    select * from {{ ref('int_document_settlements') }}
),

balanced as (
    select
        documents.*,
        documents.settlement = 'live_balance' as is_live_balance,
        case documents.settlement
            when 'live_balance' then coalesce(documents.stated_open, documents.effect)
            else documents.effect - coalesce(settlements.settled, 0)
        end as residual,
        case
            when documents.settlement <> 'live_balance'
                then documents.effect_base - coalesce(settlements.settled_base, 0)
            when coalesce(documents.stated_open, documents.effect) = documents.effect
                then documents.effect_base
            else {{ convert('documents.stated_open', 'documents.exchange_rate') }}
        end as residual_base,
        case
            when documents.settlement <> 'live_balance'
                then documents.effect - coalesce(settlements.settled_lastly, 0)
            else coalesce(documents.stated_open, documents.effect)
        end as residual_lastly,
        documents.effect_base - coalesce(settlements.settled_base_lastly, 0)
            as allocated_base_lastly,
        case
            when documents.settlement <> 'live_balance'
                then coalesce(settlements.paid, 0)
        end as paid,
        coalesce(settlements.discounts_left_out, 0) as discounts_left_out,
        coalesce(settlements.has_undated_allocation, false) as has_undated_allocation,
        settlements.last_settled_on
    from documents
    left join settlements on documents.document_key = settlements.document_key
    where documents.exists_at_as_of
        and documents.settlement in ('allocations', 'live_balance')
),

-- The discount that a credit document keeps is known to the cent only, so a used-up one
-- may be a cent off in base currency: that is rounding, not a balance.
rounded as (
    select
        *,
        case when is_live_balance then residual_base else allocated_base_lastly end
            as residual_base_lastly,
        cast(0.01 as decimal(18, 4)) * discounts_left_out as rounding
    from balanced
)

select
    document_key,
    source,
    settlement,
    document_id,
    entity_key,
    account_key,
    ordering_account_key,
    order_key,
    document_type,
    document_no,
    reference,
    po_number,
    document_date,
    posting_date,
    due_date,
    due_date_basis,
    is_due_before_document,
    control_account,
    currency,
    base_currency,
    effect,
    effect_base,
    {{ money('residual') }} as residual,
    {{ money("""case
        when residual = 0 and abs(residual_base) <= rounding then 0
        else residual_base
    end""") }} as residual_base,
    {{ money('paid') }} as paid,
    {{ money("""case
        when not is_live_balance then effect - residual - paid
    end""") }} as credited,
    {{ money('case when exists_lastly then residual_lastly else 0 end') }}
        as remaining_later,
    {{ money("""case
        when not exists_lastly then 0
        when residual_lastly = 0 and abs(residual_base_lastly) <= rounding then 0
        else residual_base_lastly
    end""") }} as remaining_later_base,
    case when residual = 0 then last_settled_on end as settled_on,
    last_settled_on,
    dispute_id,
    is_live_balance,
    coalesce(is_live_balance and stated_open is null, false) as is_open_amount_missing,
    case when is_live_balance then load_date end as live_balance_date,
    has_undated_allocation,
    stated_open,
    as_of_date
from rounded
