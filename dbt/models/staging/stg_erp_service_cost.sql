-- Grain: one row per cost of a service contract. Source: landed.erp_service_cost.
select
    landed.*,
    {{ key_of('cost_id') }} as cost_key,
    {{ key_of('account_id') }} as account_key,
    {{ key_of('contract_id') }} as contract_key
from {{ source('landed', 'erp_service_cost') }} as landed
