-- Outstanding is the buckets and the unallocated credit, to the cent, per account
-- and currency, in each of the three currencies, now and at every month end.
with ageing as (
    select {{ account_ageing_columns() }}
    from {{ ref('ar_ageing') }}
    union all
    select {{ account_ageing_columns() }}
    from {{ ref('ar_ageing_history') }}
)

select
    as_of_date,
    account_key,
    currency,
    outstanding,
    outstanding_base,
    outstanding_reporting
from ageing
where outstanding
    <> not_due + d1_30 + d31_60 + d61_90 + d90_plus + unallocated_credit
    or outstanding_base
    <> not_due_base + d1_30_base + d31_60_base + d61_90_base + d90_plus_base
    + unallocated_credit_base
    or outstanding_reporting
    <> not_due_reporting + d1_30_reporting + d31_60_reporting + d61_90_reporting
    + d90_plus_reporting + unallocated_credit_reporting
