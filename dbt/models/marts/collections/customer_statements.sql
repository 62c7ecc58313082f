-- Grain: one row per line of a statement. Debits and credits are positive; `balance`
-- runs, and ends at the closing balance of the header.
-- Open-item accounts, and those with a live balance: the items that are open. Accounts
-- with the balance brought forward: what opened the period and every movement in it.
with headers as (
    select
        *,
        account_type = 'balance_forward' and not is_live_balance as is_brought_forward
    from {{ ref('customer_statement_headers') }}
),

open_items as (
    select * from {{ ref('ar_open_items') }}
    where residual <> 0
),

movements as (
    select * from {{ ref('int_statement_movements') }}
),

lines as (
    select
        headers.statement_id,
        1 as part,
        'open_item' as line_type,
        open_items.document_date as line_date,
        open_items.open_item_key as line_key,
        open_items.document_key,
        open_items.installment_no,
        open_items.document_type,
        open_items.document_no,
        open_items.reference,
        open_items.po_number,
        open_items.document_date,
        case when open_items.residual > 0 then open_items.due_date end as due_date,
        case when open_items.residual > 0 then open_items.days_overdue end
            as days_overdue,
        open_items.amount,
        open_items.residual as effect
    from open_items
    inner join headers
        on open_items.account_key = headers.account_key
            and open_items.currency = headers.currency
    where not headers.is_brought_forward
    union all
    select
        headers.statement_id,
        case when movements.movement = 'opening' then 0 else 1 end as part,
        movements.movement as line_type,
        movements.moved_on as line_date,
        movements.document_key as line_key,
        movements.document_key,
        cast(null as integer) as installment_no,
        movements.document_type,
        movements.document_no,
        movements.reference,
        movements.po_number,
        movements.document_date,
        case when movements.effect > 0 then movements.due_date end as due_date,
        cast(null as integer) as days_overdue,
        movements.effect as amount,
        movements.effect
    from movements
    inner join headers
        on movements.account_key = headers.account_key
            and movements.currency = headers.currency
    where headers.is_brought_forward
    union all
    select
        statement_id,
        2 as part,
        'closing' as line_type,
        as_of_date as line_date,
        cast(null as varchar) as line_key,
        cast(null as varchar) as document_key,
        cast(null as integer) as installment_no,
        cast(null as varchar) as document_type,
        cast(null as varchar) as document_no,
        cast(null as varchar) as reference,
        cast(null as varchar) as po_number,
        cast(null as date) as document_date,
        cast(null as date) as due_date,
        cast(null as integer) as days_overdue,
        cast(null as decimal(18, 4)) as amount,
        0 as effect
    from headers
),

ordered as (
    select
        *,
        row_number() over (
            partition by statement_id
            order by part, line_date, document_no, line_key, line_type, effect
        ) as line_no
    from lines
)

select
    ordered.statement_id,
    cast(ordered.line_no as integer) as line_no,
    ordered.line_type,
    headers.account_key,
    headers.customer_id,
    ordered.line_date,
    ordered.document_key,
    ordered.installment_no,
    ordered.document_type,
    ordered.document_no,
    ordered.reference,
    ordered.po_number,
    ordered.document_date,
    ordered.due_date,
    ordered.days_overdue,
    headers.currency,
    {{ money('ordered.amount') }} as amount,
    {{ money('greatest(ordered.effect, 0)') }} as debit,
    {{ money('greatest(-ordered.effect, 0)') }} as credit,
    {{ money("""sum(ordered.effect) over (
        partition by ordered.statement_id
        order by ordered.line_no
        rows between unbounded preceding and current row
    )""") }} as balance,
    headers.as_of_date,
    headers.is_forced
from ordered
inner join headers on ordered.statement_id = headers.statement_id
