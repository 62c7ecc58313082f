-- Grain: one row per group and company. Source: landed.customer_group.
select
    landed.*,
    {{ key_of('company_id', 'company_source') }} as company_key
from {{ source('landed', 'customer_group') }} as landed
