-- Line by line: nothing that is not late, nothing of a promise that stands, never more
-- than remains less what is disputed.
with letter_lines as (
    select * from {{ ref('collection_letter_lines') }}
),

open_items as (
    select * from {{ ref('ar_open_items') }}
)

select
    letter_lines.letter_id,
    letter_lines.open_item_key,
    letter_lines.asked,
    open_items.residual,
    open_items.disputed
from letter_lines
left join open_items on letter_lines.open_item_key = open_items.open_item_key
where open_items.open_item_key is null
    or letter_lines.asked <= 0
    or letter_lines.credited > letter_lines.asked
    or letter_lines.asked > open_items.residual - open_items.disputed
    or open_items.due_date >= open_items.as_of_date
    or open_items.promised_date >= open_items.as_of_date
