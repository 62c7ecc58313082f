-- Grain: one row per run, and there is one run. Source: landed.run_context.
select landed.*
from {{ source('landed', 'run_context') }} as landed
