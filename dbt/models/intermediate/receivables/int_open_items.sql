-- Grain: one row per open document x instalment (one row where it has no instalments).
-- Open: something remains, in document currency or, as a difference of rates, in base
-- currency alone. Amounts are effects: debit positive, credit negative.
-- Where a document was paid and credited, each instalment was in the same proportion.
with balances as (
    select *
    from {{ ref('int_document_balances') }}
    where residual <> 0
        or residual_base <> 0
),

parts as (
    select * from {{ ref('int_installment_balances') }}
),

items as (
    select
        balances.document_key,
        parts.part_no,
        parts.installment_no,
        parts.due_date,
        parts.has_rest as is_plan_different,
        parts.effect,
        parts.effect_base,
        parts.residual,
        parts.residual_base,
        case
            when balances.paid is null then null
            when balances.effect - balances.residual = balances.paid
                then parts.effect - parts.residual
            else {{ convert('parts.effect - parts.residual', ratio(
                'balances.paid', 'balances.effect - balances.residual'
            )) }}
        end as paid,
        parts.remaining_later,
        parts.remaining_later_base
    from balances
    inner join parts on balances.document_key = parts.document_key
    where parts.residual <> 0
        or parts.residual_base <> 0
    union all
    select
        balances.document_key,
        1 as part_no,
        cast(null as integer) as installment_no,
        balances.due_date,
        false as is_plan_different,
        balances.effect,
        balances.effect_base,
        balances.residual,
        balances.residual_base,
        balances.paid,
        balances.remaining_later,
        balances.remaining_later_base
    from balances
    left join (select distinct document_key from parts) as planned
        on balances.document_key = planned.document_key
    where planned.document_key is null
)

select
    items.document_key || '/' || coalesce(cast(items.installment_no as varchar), '-')
        as open_item_key,
    items.document_key,
    items.part_no,
    items.installment_no,
    items.due_date,
    items.is_plan_different,
    {{ money('items.effect') }} as effect,
    {{ money('items.effect_base') }} as effect_base,
    {{ money('items.residual') }} as residual,
    {{ money('items.residual_base') }} as residual_base,
    {{ money('items.paid') }} as paid,
    {{ money('items.effect - items.residual - items.paid') }} as credited,
    {{ money('items.remaining_later') }} as remaining_later,
    {{ money('items.remaining_later_base') }} as remaining_later_base
from items
