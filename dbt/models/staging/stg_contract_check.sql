-- Grain: one row per contract rule and source. Source: landed.contract_check.
select landed.*
from {{ source('landed', 'contract_check') }} as landed
