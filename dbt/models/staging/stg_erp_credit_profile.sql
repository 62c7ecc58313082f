-- Grain: one row per account and first valid day. Source: landed.erp_credit_profile.
select
    landed.*,
    {{ key_of('account_id') }} as account_key
from {{ source('landed', 'erp_credit_profile') }} as landed
