-- Grain: one row per change of the balance of an account and currency in the period of
-- the statements (from the first day of the as-of date's month), and one row `opening`
-- for all that changed it before. Debit positive. Only of sources that date what
-- settles what: a live balance has no past.
-- An allocation moves the balance only where it clears more on one side than on the
-- other (a discount), or debit and credit stand on different accounts or currencies.
with documents as (
    select
        document_key,
        account_key,
        currency,
        document_type,
        document_no,
        reference,
        po_number,
        document_date,
        due_date,
        effect,
        exists_from,
        exists_until
    from {{ ref('int_documents') }}
    where settlement = 'allocations'
        and exists_from < exists_until
),

allocations as (
    select
        allocations.allocation_key,
        allocations.debit_document_key,
        allocations.credit_document_key,
        allocations.amount,
        allocations.credit_amount,
        allocations.effective_from,
        allocations.effective_until,
        debit.account_key = credit.account_key
        and debit.currency = credit.currency as is_within
    from {{ ref('int_allocations') }} as allocations
    inner join documents as debit
        on allocations.debit_document_key = debit.document_key
    inner join documents as credit
        on allocations.credit_document_key = credit.document_key
    where allocations.effective_from < allocations.effective_until
),

sides as (
    select
        allocation_key,
        debit_document_key as document_key,
        case when is_within then credit_amount - amount else -amount end as effect,
        case when is_within then 'discount' else 'settled_elsewhere' end as movement,
        effective_from,
        effective_until
    from allocations
    where not is_within
        or credit_amount <> amount
    union all
    select
        allocation_key,
        credit_document_key as document_key,
        credit_amount as effect,
        'settled_elsewhere' as movement,
        effective_from,
        effective_until
    from allocations
    where not is_within
),

changes as (
    select
        document_key,
        'document' as movement,
        exists_from as moved_on,
        effect
    from documents
    union all
    select
        document_key,
        'void' as movement,
        exists_until as moved_on,
        -effect as effect
    from documents
    where exists_until < {{ last_day_ever() }}
    union all
    select
        document_key,
        movement,
        effective_from as moved_on,
        effect
    from sides
    union all
    select
        document_key,
        movement || '_reversed' as movement,
        effective_until as moved_on,
        -effect as effect
    from sides
    where effective_until < {{ last_day_ever() }}
),

run_context as (
    select
        as_of_date,
        {{ month_start('as_of_date') }} as period_from
    from {{ ref('stg_run_context') }}
)

select
    documents.account_key,
    documents.currency,
    changes.movement,
    changes.moved_on,
    documents.document_key,
    documents.document_type,
    documents.document_no,
    documents.reference,
    documents.po_number,
    documents.document_date,
    documents.due_date,
    {{ money('changes.effect') }} as effect
from changes
inner join documents on changes.document_key = documents.document_key
inner join run_context
    on changes.moved_on >= run_context.period_from
        and changes.moved_on <= run_context.as_of_date
where changes.effect <> 0
union all
select
    documents.account_key,
    documents.currency,
    'opening' as movement,
    min(run_context.period_from) as moved_on,
    cast(null as varchar) as document_key,
    cast(null as varchar) as document_type,
    cast(null as varchar) as document_no,
    cast(null as varchar) as reference,
    cast(null as varchar) as po_number,
    cast(null as date) as document_date,
    cast(null as date) as due_date,
    {{ money('sum(changes.effect)') }} as effect
from changes
inner join documents on changes.document_key = documents.document_key
inner join run_context on changes.moved_on < run_context.period_from
group by documents.account_key, documents.currency
having sum(changes.effect) <> 0
