-- Grain: one row per service contract that was invoiced or credited by the as-of date.
-- Amounts: reporting currency, net of tax and freight, at the document date; null where
-- one of them has no rate or amount. A credit note that names no contract counts for
-- that of the invoice it is set against.
with sales as (
    select * from {{ ref('int_sales_documents') }}
),

named as (
    select * from {{ ref('int_document_references') }}
    where contract_key is not null
),

credit_note_parts as (
    select * from {{ ref('int_credit_note_parts') }}
),

parts as (
    select
        named.contract_key,
        sales.sale_type,
        sales.net_reporting
    from sales
    inner join named on sales.sale_key = named.document_key
    where sales.sale_type <> 'credit_note'
    union all
    select
        coalesce(own.contract_key, origins.contract_key) as contract_key,
        'credit_note' as sale_type,
        credit_note_parts.net_reporting
    from credit_note_parts
    left join named as own on credit_note_parts.sale_key = own.document_key
    left join named as origins on credit_note_parts.origin_key = origins.document_key
)

select
    contract_key,
    {{ money(known_sum('net_reporting', "sale_type <> 'credit_note'")) }}
        as invoiced_reporting,
    {{ money(known_sum('net_reporting', "sale_type = 'credit_note'")) }}
        as credited_reporting,
    cast(count(case when sale_type <> 'credit_note' then 1 end) as integer) as invoices
from parts
where contract_key is not null
group by contract_key
