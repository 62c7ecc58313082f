-- Grain: one row per pair of records. Source: landed.match_pair.
-- An account and a company (the account stands left), two companies of one CRM or two
-- accounts of one ledger.
select
    landed.*,
    {{ key_of('left_id', 'left_source') }} as left_key,
    {{ key_of('right_id', 'right_source') }} as right_key
from {{ source('landed', 'match_pair') }} as landed
