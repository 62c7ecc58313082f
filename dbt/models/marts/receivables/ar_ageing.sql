-- Grain: one row per account and document currency with open items at the as-of date.
-- Amounts: document currency, `_base` the ledger's, `_reporting` the company's.
-- Outstanding = the buckets + unallocated_credit. Disputed stands inside the buckets.
select {{ account_ageing_columns() }}
from {{ ref('int_account_ageing') }}
where is_current
