-- What an attribution model puts down of an invoice, or of the part of a credit note
-- that is set against one, is that part, to the cent: never more, and never less.
with shares as (
    select
        attribution_model,
        sale_key,
        origin_key,
        sum(net_reporting) as net_reporting
    from {{ ref('int_attributed_sales') }}
    group by attribution_model, sale_key, origin_key
),

parts as (
    select
        sale_key,
        sale_key as origin_key,
        net_reporting
    from {{ ref('int_sales_documents') }}
    where sale_type <> 'credit_note'
    union all
    select
        sale_key,
        origin_key,
        net_reporting
    from {{ ref('int_credit_note_parts') }}
)

select
    shares.*,
    parts.net_reporting as of_part
from shares
left join parts
    on shares.sale_key = parts.sale_key
        and shares.origin_key = parts.origin_key
where parts.sale_key is null
    or coalesce(shares.net_reporting, 0) <> coalesce(parts.net_reporting, 0)
