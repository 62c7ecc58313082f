-- Grain: one row per customer with open items at the as-of date, over all currencies.
-- Amounts: reporting currency; null where a part of it has no rate.
{%- set amounts = [
    'outstanding', 'not_due', 'd1_30', 'd31_60', 'd61_90', 'd90_plus',
    'unallocated_credit', 'overdue', 'disputed',
] %}

with ageing as (
    select * from {{ ref('ar_ageing_by_customer') }}
)

select
    customer_id,
    {%- for amount in amounts %}
    {{ money(known_sum(amount ~ '_reporting')) }} as {{ amount }}_reporting,
    {%- endfor %}
    max(oldest_days) as oldest_days,
    bool_or(is_live_balance) as is_live_balance,
    case
        when bool_or(not is_reconciled) then false
        when count(is_reconciled) = count(*) then true
    end as is_reconciled,
    bool_or(is_rate_missing) as is_rate_missing
from ageing
group by customer_id
