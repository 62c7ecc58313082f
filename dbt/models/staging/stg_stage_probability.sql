-- Grain: one row per stage of opportunities that the configuration weights. Source:
-- landed.stage_probability.
select landed.*
from {{ source('landed', 'stage_probability') }} as landed
