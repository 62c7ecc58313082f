-- Grain: one row per account and company. Source: landed.match_decision.
select
    landed.*,
    {{ key_of('account_id', 'account_source') }} as account_key,
    {{ key_of('company_id', 'company_source') }} as company_key
from {{ source('landed', 'match_decision') }} as landed
