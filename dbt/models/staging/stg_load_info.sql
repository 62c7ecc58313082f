-- Grain: one row per landed load. Source: landed.load_info.
select landed.*
from {{ source('landed', 'load_info') }} as landed
