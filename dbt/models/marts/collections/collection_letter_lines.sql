-- Grain: one row per letter that is due and open item it asks for.
-- What is disputed or promised as a whole stands on no letter. Interest is on what is
-- asked for after the credits that are netted off it, from the due date to the as-of
-- date. A finance charge bears none: no interest on interest.
with items as (
    select * from {{ ref('int_collection_items') }}
    where asked > 0
),

letters as (
    select * from {{ ref('int_letter_proposals') }}
    where waits_because is null
)

select
    letters.letter_id,
    cast(row_number() over (
        partition by letters.letter_id
        order by items.due_date, items.document_date, items.open_item_key
    ) as integer) as line_no,
    items.open_item_key,
    items.account_key,
    items.customer_id,
    items.document_key,
    items.document_id,
    items.installment_no,
    items.document_type,
    items.document_no,
    items.reference,
    items.po_number,
    items.document_date,
    items.due_date,
    items.days_overdue,
    items.currency,
    items.residual,
    items.disputed,
    items.asked,
    items.credited,
    case
        when items.document_type = 'finance_charge' then {{ money('0') }}
        else {{ simple_interest(
            'items.net', 'letters.interest_pct_pa', 'items.days_overdue'
        ) }}
    end as interest,
    items.is_broken as is_promise_broken,
    items.is_live_balance,
    letters.as_of_date,
    run_context.is_forced
from items
cross join {{ ref('stg_run_context') }} as run_context
inner join letters
    on items.account_key = letters.account_key
        and items.currency = letters.currency
