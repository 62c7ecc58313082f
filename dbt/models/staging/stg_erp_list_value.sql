-- Grain: one row per shared list and code. Source: landed.erp_list_value.
select landed.*
from {{ source('landed', 'erp_list_value') }} as landed
