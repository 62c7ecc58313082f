-- Grain: one row per date of int_ageing_dates and open document x instalment (one row
-- where it has no instalments).
-- Open: something remains, in document currency or, as a difference of rates, in base
-- currency alone. Amounts are effects: debit positive, credit negative.
-- Where a document was paid and credited, each instalment was in the same proportion.
with open_documents as (
    select * from {{ ref('int_open_documents') }}
),

parts as (
    select * from {{ ref('int_installment_balances') }}
),

planned as (
    select distinct document_key
    from parts
),

items as (
    select
        open_documents.document_key,
        open_documents.as_of_date,
        open_documents.is_current,
        open_documents.is_month_end,
        parts.part_no,
        parts.installment_no,
        parts.due_date,
        parts.has_rest as is_plan_different,
        open_documents.document_date,
        open_documents.posting_date,
        open_documents.account_key,
        open_documents.currency,
        open_documents.base_currency,
        parts.effect,
        parts.effect_base,
        parts.residual,
        parts.residual_base,
        case
            when open_documents.paid is null then null
            when open_documents.effect - open_documents.residual = open_documents.paid
                then parts.effect - parts.residual
            else {{ convert('parts.effect - parts.residual', ratio(
                'open_documents.paid', 'open_documents.effect - open_documents.residual'
            )) }}
        end as paid,
        open_documents.is_live_balance,
        open_documents.live_balance_date
    from open_documents
    inner join parts
        on open_documents.document_key = parts.document_key
            and open_documents.as_of_date = parts.as_of_date
    where parts.residual <> 0
        or parts.residual_base <> 0
    union all
    select
        open_documents.document_key,
        open_documents.as_of_date,
        open_documents.is_current,
        open_documents.is_month_end,
        1 as part_no,
        cast(null as integer) as installment_no,
        open_documents.due_date,
        false as is_plan_different,
        open_documents.document_date,
        open_documents.posting_date,
        open_documents.account_key,
        open_documents.currency,
        open_documents.base_currency,
        open_documents.effect,
        open_documents.effect_base,
        open_documents.residual,
        open_documents.residual_base,
        open_documents.paid,
        open_documents.is_live_balance,
        open_documents.live_balance_date
    from open_documents
    left join planned on open_documents.document_key = planned.document_key
    where planned.document_key is null
)

select
    document_key || '/' || coalesce(cast(installment_no as varchar), '-')
        as open_item_key,
    as_of_date,
    is_current,
    is_month_end,
    document_key,
    part_no,
    installment_no,
    due_date,
    is_plan_different,
    document_date,
    posting_date,
    account_key,
    currency,
    base_currency,
    {{ money('effect') }} as effect,
    {{ money('effect_base') }} as effect_base,
    {{ money('residual') }} as residual,
    {{ money('residual_base') }} as residual_base,
    {{ money('paid') }} as paid,
    {{ money('effect - residual - paid') }} as credited,
    is_live_balance,
    live_balance_date
from items
