-- Grain: one row per billed account with open orders whose lines state no price: their
-- value is not known and in no term of the exposure.
with orders as (
    select * from {{ ref('int_orders') }}
)

select
    bill_to_account_key as account_key,
    cast(count(*) as integer) as unpriced_orders
from orders
where unpriced_lines > 0
    and not is_draft
    and (qty_to_ship > 0 or qty_to_bill > 0)
group by bill_to_account_key
