-- Grain: one row per letter level. Source: landed.dunning_policy.
select landed.*
from {{ source('landed', 'dunning_policy') }} as landed
