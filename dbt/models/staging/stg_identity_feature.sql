-- Grain: one row per company or account. Source: landed.identity_feature.
select landed.*
from {{ source('landed', 'identity_feature') }} as landed
