-- Grain: one row per ageing profile. Source: landed.ageing_profile.
select landed.*
from {{ source('landed', 'ageing_profile') }} as landed
