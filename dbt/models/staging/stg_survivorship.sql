-- Grain: one row per field. Source: landed.survivorship.
select landed.*
from {{ source('landed', 'survivorship') }} as landed
