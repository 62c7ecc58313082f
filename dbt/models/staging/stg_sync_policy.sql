-- Grain: one row per entity and field. Source: landed.sync_policy.
select landed.*
from {{ source('landed', 'sync_policy') }} as landed
