-- Grain: one row per row set aside. Source: landed.quarantine.
select landed.*
from {{ source('landed', 'quarantine') }} as landed
