-- Grain: one row per level, id and first valid day. Source: landed.credit_limit.
select landed.*
from {{ source('landed', 'credit_limit') }} as landed
