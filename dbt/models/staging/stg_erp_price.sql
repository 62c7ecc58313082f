-- Grain: one row per price list, item, currency, quantity and first valid day. Source:
-- landed.erp_price.
select
    landed.*,
    {{ key_of('item_id') }} as item_key,
    {{ key_of('account_id') }} as account_key
from {{ source('landed', 'erp_price') }} as landed
