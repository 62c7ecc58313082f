-- Grain: one row per allocation of an existing credit document to a debit document.
-- In effect from effective_from up to and without effective_until: from the latest of
-- its own day and the days from which both documents exist, until it is reversed or one
-- of the two is voided. A day that is not stated is the day of the load, flagged.
-- base_amount is at the rate of the credit document and includes the discount, which
-- the credit document itself does not give up.
with allocation as (
    select * from {{ ref('stg_erp_ar_allocation') }}
),

documents as (
    select * from {{ ref('int_documents') }}
),

linked as (
    select
        allocation.allocation_key,
        allocation.source,
        allocation.debit_document_key,
        allocation.credit_document_key,
        debit.account_key as debit_account_key,
        credit.account_key as credit_account_key,
        credit.document_type as credit_document_type,
        debit.document_type as debit_document_type,
        allocation.installment_no,
        allocation.amount,
        allocation.credit_amount,
        allocation.base_amount,
        coalesce(allocation.discount_amount, 0) as discount_amount,
        allocation.reversed_on,
        allocation.allocation_date is null as is_undated,
        greatest(
            coalesce(allocation.allocation_date, allocation.load_date),
            debit.exists_from,
            credit.exists_from
        ) as effective_from,
        least(
            coalesce(allocation.reversed_on, {{ last_day_ever() }}),
            debit.exists_until,
            credit.exists_until
        ) as effective_until
    from allocation
    inner join documents as debit
        on allocation.debit_document_key = debit.document_key
    inner join documents as credit
        on allocation.credit_document_key = credit.document_key
    where debit.exists_from is not null
        and credit.exists_from is not null
)

select
    linked.allocation_key,
    linked.source,
    linked.debit_document_key,
    linked.credit_document_key,
    linked.debit_account_key,
    linked.credit_account_key,
    linked.debit_document_type,
    linked.credit_document_type,
    linked.installment_no,
    linked.amount,
    linked.credit_amount,
    linked.base_amount,
    {{ money('case
        when linked.discount_amount = 0 then linked.base_amount
        else linked.base_amount - round(' ~ convert(
            'linked.discount_amount', ratio('linked.base_amount', 'linked.amount')
        ) ~ ', 2)
    end') }} as credit_base_amount,
    linked.discount_amount,
    linked.is_undated,
    linked.effective_from,
    linked.effective_until,
    linked.reversed_on
from linked
