-- Grain: one row per rule of the segments. Source: landed.segment_rule.
select landed.*
from {{ source('landed', 'segment_rule') }} as landed
