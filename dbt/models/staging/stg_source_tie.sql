-- Grain: one row per CRM source and the ledger it is tied to. Source:
-- landed.source_tie.
select landed.*
from {{ source('landed', 'source_tie') }} as landed
