-- What invoice_history leaves open of a document is what ar_open_items holds of it.
with open_items as (
    select
        document_key,
        sum(residual) as residual
    from {{ ref('ar_open_items') }}
    where document_type in ('invoice', 'credit_note')
    group by document_key
)

select
    coalesce(invoice_history.document_key, open_items.document_key) as document_key,
    invoice_history.open_amount,
    open_items.residual
from {{ ref('invoice_history') }} as invoice_history
full outer join open_items on invoice_history.document_key = open_items.document_key
where coalesce(invoice_history.open_amount, 0) <> coalesce(open_items.residual, 0)
