-- Every line up to the as-of date once, none of a later day.
with counted as (
    select
        'shipped' as what,
        (select count(*) from {{ ref('shipping_history') }}) as in_history,
        (
            select count(*)
            from {{ ref('int_shipment_lines') }} as shipment_lines
            inner join {{ ref('stg_run_context') }} as run_context
                on shipment_lines.shipped_on <= run_context.as_of_date
        ) as delivered
    union all
    select
        'returned' as what,
        (select count(*) from {{ ref('return_history') }}) as in_history,
        (
            select count(*)
            from {{ ref('int_return_lines') }} as return_lines
            inner join {{ ref('stg_run_context') }} as run_context
                on return_lines.returned_on <= run_context.as_of_date
        ) as delivered
)

select *
from counted
where in_history <> delivered
