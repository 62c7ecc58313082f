select
    customer_id,
    outstanding_reporting
from {{ ref('customer_360') }}
where outstanding_reporting
    <> not_due_reporting + d1_30_reporting + d31_60_reporting + d61_90_reporting
    + d90_plus_reporting + unallocated_credit_reporting
