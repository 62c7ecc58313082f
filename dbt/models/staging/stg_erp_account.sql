-- Grain: one row per customer account in one ledger. Source: landed.erp_account.
select
    landed.*,
    {{ key_of('account_id') }} as account_key,
    {{ key_of('entity_id') }} as entity_key,
    {{ key_of('bill_to_account_id') }} as bill_to_account_key,
    {{ key_of('parent_account_id') }} as parent_account_key
from {{ source('landed', 'erp_account') }} as landed
