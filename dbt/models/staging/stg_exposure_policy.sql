-- Grain: one row per term of the exposure. Source: landed.exposure_policy.
select landed.*
from {{ source('landed', 'exposure_policy') }} as landed
