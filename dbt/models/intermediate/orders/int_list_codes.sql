-- Grain: one row per ERP, shared list and code that the ERP delivers.
-- Payment terms and items are lists too, beside what the source states as one. A code
-- no longer active is known: it stops nothing that was ordered with it.
select
    source,
    list_name,
    code
from {{ ref('stg_erp_list_value') }}
union
select
    source,
    'payment_terms' as list_name,
    terms_code as code
from {{ ref('stg_erp_payment_terms') }}
union
select
    source,
    'item' as list_name,
    item_code as code
from {{ ref('stg_erp_item') }}
