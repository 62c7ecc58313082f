-- Grain: one row per customer with a flagged record: the rules broken, once each.
with flags as (
    select distinct
        customer_id,
        check_name
    from {{ ref('int_record_flags') }}
    where customer_id is not null
)

select
    customer_id,
    {{ joined_text('check_name', 'check_name') }} as data_quality_flags
from flags
group by customer_id
