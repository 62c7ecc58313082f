-- Grain: one row per connected source. Source: landed.source_info.
select landed.*
from {{ source('landed', 'source_info') }} as landed
