-- Grain: one row per CRM order and CRM quote dated on or before the as-of date.
-- record_type: crm_order or crm_quote; record_key is unique within it.
-- is_wanted: a customer waits for it: an order not called off, in the CRM's own words
-- (since when is not known), or an accepted quote without a CRM order of its own.
-- is_open_quote: a quote in draft or presented that has not expired.
with run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

crm_order as (
    select crm_order.*
    from {{ ref('stg_crm_order') }} as crm_order
    inner join run_context on crm_order.order_date <= run_context.as_of_date
),

crm_quote as (
    select * from {{ ref('stg_crm_quote') }}
),

ordered_quotes as (
    select distinct quote_key
    from crm_order
    where quote_key is not null
)

select
    'crm_order' as record_type,
    crm_order.order_key as record_key,
    crm_order.source,
    crm_order.order_id as record_id,
    crm_order.order_number as record_no,
    crm_order.quote_id,
    crm_quote.quote_number as quote_no,
    crm_order.company_key,
    crm_order.status,
    lower(crm_order.status)
        not in ('cancelled', 'canceled', 'lost', 'rejected', 'void') as is_wanted,
    lower(crm_order.status) = 'draft' as is_draft,
    false as is_open_quote,
    crm_order.order_date,
    crm_order.requested_date,
    crm_order.currency,
    crm_order.net,
    crm_order.total,
    crm_order.erp_order_ref,
    crm_order.price_list,
    crm_order.payment_terms,
    crm_order.shipping_method,
    crm_order.salesperson
from crm_order
left join crm_quote on crm_order.quote_key = crm_quote.quote_key
union all
select
    'crm_quote' as record_type,
    crm_quote.quote_key as record_key,
    crm_quote.source,
    crm_quote.quote_id as record_id,
    crm_quote.quote_number as record_no,
    crm_quote.quote_id,
    crm_quote.quote_number as quote_no,
    crm_quote.company_key,
    crm_quote.status,
    crm_quote.status = 'accepted' and ordered_quotes.quote_key is null as is_wanted,
    false as is_draft,
    crm_quote.status in ('draft', 'presented')
    and coalesce(crm_quote.valid_until >= run_context.as_of_date, true)
        as is_open_quote,
    cast(crm_quote.created_at as date) as order_date,
    cast(null as date) as requested_date,
    crm_quote.currency,
    crm_quote.net,
    crm_quote.total,
    crm_quote.erp_order_ref,
    crm_quote.price_list,
    crm_quote.payment_terms,
    crm_quote.shipping_method,
    crm_quote.salesperson
from crm_quote
cross join run_context
left join ordered_quotes on crm_quote.quote_key = ordered_quotes.quote_key
where cast(crm_quote.created_at as date) <= run_context.as_of_date
