-- Grain: one row per hand-off and time of its answer. Source: landed.delivery_ack.
select landed.*
from {{ source('landed', 'delivery_ack') }} as landed
