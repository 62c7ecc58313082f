-- Grain: one row per currency pair and day. Source: landed.fx_rate.
select landed.*
from {{ source('landed', 'fx_rate') }} as landed
