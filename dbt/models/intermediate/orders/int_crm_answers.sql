-- Grain: one row per CRM order or quote that an ERP order answers at the as-of date.
-- An ERP order answers if it exists at that date in a tied ERP and either side names the
-- other: erp_order_ref is its number or id, or crm_quote_ref is the number or id of the
-- CRM order or of its quote. Where no tied ERP delivers orders, nothing contradicts a
-- stated erp_order_ref: it is the answer.
with records as (
    select * from {{ ref('int_crm_records') }}
),

erp_orders as (
    select * from {{ ref('int_order_headers') }}
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
    inner join {{ ref('stg_erp_sales_order') }} as delivered
        on ties.erp_source = delivered.source
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
        crm_quote_ref as reference
    from erp_orders
    where crm_quote_ref is not null
    union all
    select
        source as erp_source,
        'erp' as named_in,
        order_id as reference
    from erp_orders
    union all
    select
        source as erp_source,
        'erp' as named_in,
        order_no as reference
    from erp_orders
)

select
    names.record_type,
    names.record_key
from names
inner join ties on names.crm_source = ties.crm_source
inner join mentions
    on ties.erp_source = mentions.erp_source
        and names.named_in = mentions.named_in
        and names.reference = mentions.reference
union
select
    records.record_type,
    records.record_key
from records
left join verifiable on records.source = verifiable.crm_source
where records.erp_order_ref is not null
    and verifiable.crm_source is null
