-- Grain: one row per dunning letter. Source: landed.erp_dunning_event.
select
    landed.*,
    {{ key_of('event_id') }} as event_key,
    {{ key_of('account_id') }} as account_key
from {{ source('landed', 'erp_dunning_event') }} as landed
