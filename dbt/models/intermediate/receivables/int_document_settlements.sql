-- Grain: one row per document that any allocation settles, from either side.
-- What settles a debit is positive, what uses up a credit is negative, so that
-- effect - settled is what remains. `_lastly`: as far as is known today.
-- Paid: by money, in or out; credited: by every other kind of document.
with allocations as (
    select * from {{ ref('int_allocations') }}
),

sides as (
    select
        debit_document_key as document_key,
        amount as settled,
        base_amount as settled_base,
        credit_document_type as settled_by,
        false as is_discount_left_out,
        is_undated,
        is_in_effect,
        is_in_effect_lastly,
        effective_from
    from allocations
    union all
    select
        credit_document_key as document_key,
        -credit_amount as settled,
        -credit_base_amount as settled_base,
        debit_document_type as settled_by,
        discount_amount <> 0 as is_discount_left_out,
        is_undated,
        is_in_effect,
        is_in_effect_lastly,
        effective_from
    from allocations
)

select
    document_key,
    {{ money('coalesce(sum(settled) filter (where is_in_effect), 0)') }} as settled,
    {{ money("""coalesce(sum(settled) filter (
        where is_in_effect and settled_by in ('receipt', 'refund', 'payment_return')
    ), 0)""") }} as paid,
    {{ money('coalesce(sum(settled_base) filter (where is_in_effect), 0)') }}
        as settled_base,
    {{ money('coalesce(sum(settled) filter (where is_in_effect_lastly), 0)') }}
        as settled_lastly,
    {{ money('coalesce(sum(settled_base) filter (where is_in_effect_lastly), 0)') }}
        as settled_base_lastly,
    cast(count(*) filter (where is_discount_left_out) as integer) as discounts_left_out,
    coalesce(bool_or(is_undated) filter (where is_in_effect), false)
        as has_undated_allocation,
    max(effective_from) filter (where is_in_effect) as last_settled_on
from sides
group by document_key
