-- Grain: one row per list, CRM value and ERP. Source: landed.list_map.
select landed.*
from {{ source('landed', 'list_map') }} as landed
