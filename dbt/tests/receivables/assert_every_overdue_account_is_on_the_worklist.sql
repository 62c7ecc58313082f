-- Once, with everything that is past its due date: an account is on the list exactly
-- when one of its debits is late.
with worklist as (
    select * from {{ ref('collections_worklist') }}
),

late as (
    select
        account_key,
        count(*) as items,
        {{ sum_whole('residual_reporting') }} as overdue_reporting
    from {{ ref('ar_open_items') }}
    where residual > 0
        and due_date < as_of_date
    group by account_key
)

select
    coalesce(worklist.account_key, late.account_key) as account_key,
    worklist.overdue_reporting,
    late.overdue_reporting as late_reporting
from worklist
full join late on worklist.account_key = late.account_key
where worklist.account_key is null
    or late.account_key is null
    or worklist.overdue_items <> late.items
    or worklist.overdue_reporting is distinct from late.overdue_reporting
    or worklist.chaseable_reporting > worklist.overdue_reporting
    or worklist.overdue_reporting
    <> worklist.disputed_reporting + worklist.promised_reporting
    + worklist.credits_reporting + worklist.chaseable_reporting
