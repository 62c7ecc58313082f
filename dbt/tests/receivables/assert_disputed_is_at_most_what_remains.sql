-- Disputed is a memo inside the buckets, never more than the residual and never
-- negative.
select
    open_item_key,
    residual,
    disputed
from {{ ref('ar_open_items') }}
where disputed < 0
    or disputed > greatest(residual, 0)
