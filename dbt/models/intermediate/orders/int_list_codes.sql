-- Grain: one row per ERP, shared list and code that the ERP delivers.
-- Payment terms and items are lists too, beside what the source states as one. Where it
-- states both, the list says what the code is called and whether it may still be used.
with stated as (
    select
        source,
        list_name,
        code,
        label,
        active as is_active,
        1 as place
    from {{ ref('stg_erp_list_value') }}
    union all
    select
        source,
        'payment_terms' as list_name,
        terms_code as code,
        cast(null as varchar) as label,
        true as is_active,
        2 as place
    from {{ ref('stg_erp_payment_terms') }}
    union all
    select
        source,
        'item' as list_name,
        item_code as code,
        name as label,
        not {{ is_out_of_use('status') }} as is_active,
        2 as place
    from {{ ref('stg_erp_item') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by source, list_name, code
            order by place asc, is_active desc, label asc
        ) as choice
    from stated
)

select
    source,
    list_name,
    code,
    label,
    is_active
from ranked
where choice = 1
