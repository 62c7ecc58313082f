-- Grain: one row per rule and scope. Source: landed.credit_rule.
select landed.*
from {{ source('landed', 'credit_rule') }} as landed
