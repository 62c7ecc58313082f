-- Whatever the buckets are aged by, a debit is overdue when its due date has passed,
-- and not on the day itself. Credits are overdue only where the configuration ages
-- them.
select
    open_item_key,
    due_date,
    overdue,
    residual,
    as_of_date
from {{ ref('ar_open_items') }}
where (residual > 0 and due_date < as_of_date and overdue <> residual)
    or (residual > 0 and due_date >= as_of_date and overdue <> 0)
    or (residual < 0 and bucket = 'unallocated_credit' and overdue <> 0)
