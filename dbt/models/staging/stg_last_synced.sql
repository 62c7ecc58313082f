-- Grain: one row per record and field. Source: landed.last_synced.
select landed.*
from {{ source('landed', 'last_synced') }} as landed
