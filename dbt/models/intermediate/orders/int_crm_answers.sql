-- Grain: one row per CRM order or quote that an ERP order answers, on whatever day.
-- An ERP order answers if it is of a tied ERP and either side names the other:
-- erp_order_ref is its number or id, or crm_quote_ref is the number or id of the CRM
-- order or of its quote. answered_on: the first day of such an order.
-- Where no tied ERP delivers orders, nothing contradicts a stated erp_order_ref: it is
-- the answer, on the day of the record.
with records as (
    select * from {{ ref('int_crm_records') }}
),

erp_orders as (
    select * from {{ ref('stg_erp_sales_order') }}
),

ties as (
    select distinct
        crm_source,
        erp_source
    from {{ ref('stg_source_tie') }}
),

verifiable as (
    select distinct ties.crm_source
    from ties
    inner join erp_orders on ties.erp_source = erp_orders.source
),

names as (
    {%- for column in ['record_id', 'record_no', 'quote_id', 'quote_no'] %}
    select
        record_type,
        record_key,
        source as crm_source,
        'crm' as named_in,
        {{ column }} as reference
    from records
    where {{ column }} is not null
    union all
    {%- endfor %}
    select
        record_type,
        record_key,
        source as crm_source,
        'erp' as named_in,
        erp_order_ref as reference
    from records
    where erp_order_ref is not null
),

mentions as (
    select
        source as erp_source,
        'crm' as named_in,
        crm_quote_ref as reference,
        order_date
    from erp_orders
    where crm_quote_ref is not null
    union all
    select
        source as erp_source,
        'erp' as named_in,
        order_id as reference,
        order_date
    from erp_orders
    union all
    select
        source as erp_source,
        'erp' as named_in,
        order_no as reference,
        order_date
    from erp_orders
)

select
    names.record_type,
    names.record_key,
    min(mentions.order_date) as answered_on
from names
inner join ties on names.crm_source = ties.crm_source
inner join mentions
    on ties.erp_source = mentions.erp_source
        and names.named_in = mentions.named_in
        and names.reference = mentions.reference
group by names.record_type, names.record_key
union all
select
    records.record_type,
    records.record_key,
    records.order_date as answered_on
from records
left join verifiable on records.source = verifiable.crm_source
where records.erp_order_ref is not null
    and verifiable.crm_source is null
