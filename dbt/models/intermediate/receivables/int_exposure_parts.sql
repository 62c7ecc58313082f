-- Grain: one row per thing that stands in an exposure: open item, draft invoice, order
-- and term. Amounts without the sign of their term. What a draft invoice bills of an
-- order stands in unposted_invoices only: first what was shipped gives way to it, then
-- what is open.
-- Known from: the day of the order or the draft; null for open items, which have a
-- history of their own.
with open_items as (
    select * from {{ ref('ar_open_items') }}
),

orders as (
    select * from {{ ref('int_orders') }}
),

drafts as (
    select * from {{ ref('int_draft_invoices') }}
),

drafted as (
    select
        drafts.order_key,
        sum(drafts.amount_without_freight) as amount
    from drafts
    inner join {{ ref('int_exposure_policy') }} as policy
        on policy.term = 'unposted_invoices'
            and policy.counts
    where drafts.order_key is not null
    group by drafts.order_key
),

-- An order has at most one sum of drafts.
uncovered as (
    select
        orders.*,
        least(
            greatest(coalesce(drafted.amount, 0), 0),
            orders.shipped_not_invoiced_value
        ) as drafted_of_shipped,
        least(
            greatest(
                coalesce(drafted.amount, 0) - orders.shipped_not_invoiced_value,
                0
            ),
            orders.open_order_value
        ) as drafted_of_open
    from orders
    left join drafted on orders.order_key = drafted.order_key
),

amounts as (
    select
        account_key,
        'balance' as term,
        cast(null as date) as known_from,
        currency,
        base_currency,
        residual as amount,
        residual_base as amount_base
    from open_items
    union all
    select
        account_key,
        'unposted_invoices' as term,
        document_date as known_from,
        currency,
        base_currency,
        amount,
        amount_base
    from drafts
    union all
    select
        bill_to_account_key as account_key,
        'open_orders' as term,
        order_date as known_from,
        currency,
        base_currency,
        open_order_value - drafted_of_open as amount,
        open_order_value_base - {{ convert('drafted_of_open', 'exchange_rate') }}
            as amount_base
    from uncovered
    union all
    select
        bill_to_account_key as account_key,
        'shipped_not_invoiced' as term,
        order_date as known_from,
        currency,
        base_currency,
        shipped_not_invoiced_value - drafted_of_shipped as amount,
        shipped_not_invoiced_value_base
        - {{ convert('drafted_of_shipped', 'exchange_rate') }} as amount_base
    from uncovered
    union all
    select
        bill_to_account_key as account_key,
        'prepayments' as term,
        order_date as known_from,
        currency,
        base_currency,
        prepaid_amount as amount,
        prepaid_amount_base as amount_base
    from orders
    union all
    select
        bill_to_account_key as account_key,
        'returns_pending' as term,
        order_date as known_from,
        currency,
        base_currency,
        pending_return_value as amount,
        pending_return_value_base as amount_base
    from orders
)

select
    account_key,
    term,
    known_from,
    currency,
    base_currency,
    amount,
    amount_base
from amounts
where amount <> 0
    or amount_base <> 0
