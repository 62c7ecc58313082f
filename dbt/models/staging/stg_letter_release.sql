-- Grain: one row per released letter. Source: landed.letter_release.
select
    landed.*,
    {{ key_of('account_id', 'account_source') }} as account_key
from {{ source('landed', 'letter_release') }} as landed
