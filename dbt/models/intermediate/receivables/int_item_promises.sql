-- Grain: one row per open debit item for which a promise to pay stands at the as-of
-- date.
-- The last promise for the document, else the last one that the account made for all it
-- owed on that day. A promise that was kept stands no longer: its source says so, or as
-- much as was promised for the document has been settled of it since.
with open_items as (
    select * from {{ ref('int_open_items') }}
    where is_current
        and residual > 0
),

documents as (
    select
        document_key,
        account_key,
        document_date,
        residual,
        as_of_date
    from {{ ref('int_document_balances') }}
    where residual > 0
),

periods as (
    select * from {{ ref('int_document_periods') }}
),

promise as (
    select * from {{ ref('stg_erp_promise') }}
),

offered as (
    select
        documents.document_key,
        promise.promised_on,
        promise.promise_date,
        promise.amount,
        promise.promise_id,
        periods.residual - documents.residual as settled_since,
        0 as distance
    from promise
    inner join documents on promise.document_key = documents.document_key
    left join periods
        on promise.document_key = periods.document_key
            and promise.promised_on >= periods.valid_from
            and promise.promised_on < periods.valid_until
    where promise.promised_on <= documents.as_of_date
        and not coalesce(promise.kept, false)
    union all
    select
        documents.document_key,
        promise.promised_on,
        promise.promise_date,
        promise.amount,
        promise.promise_id,
        cast(null as decimal(18, 4)) as settled_since,
        1 as distance
    from promise
    inner join documents on promise.account_key = documents.account_key
    where promise.document_key is null
        and promise.promised_on <= documents.as_of_date
        and promise.promised_on >= documents.document_date
        and not coalesce(promise.kept, false)
),

ranked as (
    select
        *,
        row_number() over (
            partition by document_key
            order by
                distance asc,
                promised_on desc,
                promise_date desc,
                promise_id desc
        ) as choice
    from offered
)

select
    open_items.open_item_key,
    ranked.promised_on,
    ranked.promise_date,
    ranked.amount as promised_amount,
    ranked.distance = 1 as is_account_wide
from open_items
inner join ranked
    on open_items.document_key = ranked.document_key
        and ranked.choice = 1
where coalesce(ranked.settled_since < ranked.amount, true)
