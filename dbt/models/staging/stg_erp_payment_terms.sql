-- Grain: one row per payment terms code. Source: landed.erp_payment_terms.
select landed.*
from {{ source('landed', 'erp_payment_terms') }} as landed
