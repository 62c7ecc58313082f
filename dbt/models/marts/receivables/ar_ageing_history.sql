-- Grain: one row per month end, account and document currency with open items then:
-- every month end up to the as-of date that the documents reach back to.
-- Amounts: document currency, `_base` the ledger's, `_reporting` the company's, at the
-- rates of the month end. What ar_ageing of a run for that date says, by what is known
-- today.
-- Outstanding = the buckets + unallocated_credit. Disputed stands inside the buckets.
select {{ account_ageing_columns() }}
from {{ ref('int_account_ageing') }}
where is_month_end
