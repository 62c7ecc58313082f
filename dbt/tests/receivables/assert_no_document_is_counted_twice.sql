-- The open items of a document, one per instalment, add up to what remains of it, in
-- document and in base currency; and what is settled of an item is paid or credited.
with items as (
    select
        document_key,
        sum(residual) as residual,
        sum(residual_base) as residual_base,
        bool_or(amount - paid - credited <> residual) as is_split_wrong
    from {{ ref('ar_open_items') }}
    group by document_key
),

documents as (
    select
        document_key,
        residual,
        residual_base
    from {{ ref('int_document_balances') }}
)

select
    documents.document_key,
    documents.residual,
    items.residual as items_residual,
    documents.residual_base,
    items.residual_base as items_residual_base
from documents
left join items on documents.document_key = items.document_key
where documents.residual <> coalesce(items.residual, 0)
    or documents.residual_base <> coalesce(items.residual_base, 0)
    or items.is_split_wrong
