-- Grain: one row per amount or count that was read, beside what became of it. Source:
-- landed.balance_check.
select landed.*
from {{ source('landed', 'balance_check') }} as landed
