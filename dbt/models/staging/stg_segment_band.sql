-- Grain: one row per measure and score. Source: landed.segment_band.
select landed.*
from {{ source('landed', 'segment_band') }} as landed
