-- What is set against invoices and what is left of it are the credit note, to the cent.
with parts as (
    select
        sale_key,
        sum(net_reporting) as net_reporting
    from {{ ref('int_credit_note_parts') }}
    group by sale_key
)

select
    sales.sale_key,
    sales.net_reporting,
    parts.net_reporting as of_parts
from {{ ref('int_sales_documents') }} as sales
left join parts on sales.sale_key = parts.sale_key
where sales.sale_type = 'credit_note'
    and (
        parts.sale_key is null
        or coalesce(parts.net_reporting, 0) <> coalesce(sales.net_reporting, 0)
    )
