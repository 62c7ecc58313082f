-- Grain: one row per assignment of a customer id to a member. Source:
-- landed.id_register.
select landed.*
from {{ source('landed', 'id_register') }} as landed
