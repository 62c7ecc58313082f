-- Grain: one row per tax code and first valid day. Source: landed.erp_tax_rate.
select landed.*
from {{ source('landed', 'erp_tax_rate') }} as landed
