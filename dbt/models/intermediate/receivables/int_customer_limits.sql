-- Grain: one row per customer with a billed account: its limit at the as-of date.
with customers as (
    select distinct customer_id
    from {{ ref('int_billed_accounts') }}
),

periods as (
    select periods.*
    from {{ ref('int_customer_limit_periods') }} as periods
    inner join {{ ref('stg_run_context') }} as run_context
        on periods.valid_from <= run_context.as_of_date
            and periods.valid_until > run_context.as_of_date
)

select
    customers.customer_id,
    periods.limit_source,
    {{ limit_state('periods.limit_source', 'periods.credit_limit') }} as limit_state,
    periods.credit_limit,
    periods.currency,
    periods.valid_to
from customers
left join periods on customers.customer_id = periods.customer_id
