-- Grain: one row per open item that is past its due date and stands to be asked for.
-- residual = disputed + promised + asked; asked = credited + net.
-- Disputed: the amount, not its document. Promised: the rest of an item for which a
-- promise stands, through the promised day; then the promise is broken and the item is
-- asked for again. Credited: the open credits of account and currency, netted off the
-- oldest item first, as money is; zero where the configuration nets nothing off.
with open_items as (
    select * from {{ ref('ar_open_items') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

credits as (
    select
        account_key,
        currency,
        -sum(residual) as open_credit
    from open_items
    where residual < 0
    group by account_key, currency
),

split as (
    select
        open_items.open_item_key,
        open_items.source,
        open_items.document_key,
        open_items.document_id,
        open_items.installment_no,
        open_items.document_no,
        open_items.document_type,
        open_items.reference,
        open_items.po_number,
        open_items.document_date,
        open_items.due_date,
        open_items.days_overdue,
        open_items.account_key,
        open_items.customer_id,
        open_items.entity_key,
        open_items.currency,
        open_items.reporting_currency,
        open_items.residual,
        open_items.residual_reporting,
        open_items.disputed,
        open_items.disputed_reporting,
        open_items.promised_date,
        open_items.is_live_balance,
        open_items.is_rate_missing,
        coalesce(open_items.promised_date >= run_context.as_of_date, false)
            as is_promised,
        coalesce(open_items.is_promise_broken, false) as is_broken,
        case
            when run_context.net_credits then coalesce(credits.open_credit, 0)
            else 0
        end as open_credit
    from open_items
    cross join run_context
    left join credits
        on open_items.account_key = credits.account_key
            and open_items.currency = credits.currency
    where open_items.residual > 0
        and open_items.days_overdue > 0
),

asked as (
    select
        *,
        case when is_promised then residual - disputed else 0 end as promised,
        case when is_promised then 0 else residual - disputed end as asked,
        case
            when is_promised or residual = disputed then 0
            else residual_reporting - disputed_reporting
        end as asked_reporting
    from split
),

ordered as (
    select
        *,
        coalesce(
            sum(asked) over (
                partition by account_key, currency
                order by due_date, document_date, open_item_key
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as asked_before
    from asked
),

netted as (
    select
        *,
        greatest(least(asked, open_credit - asked_before), 0) as credited
    from ordered
)

select
    open_item_key,
    source,
    document_key,
    document_id,
    installment_no,
    document_no,
    document_type,
    reference,
    po_number,
    document_date,
    due_date,
    days_overdue,
    account_key,
    customer_id,
    entity_key,
    currency,
    reporting_currency,
    residual,
    residual_reporting,
    disputed,
    disputed_reporting,
    {{ money('promised') }} as promised,
    {{ money('case
        when is_promised then residual_reporting - disputed_reporting else 0
    end') }} as promised_reporting,
    {{ money('asked') }} as asked,
    {{ money('asked_reporting') }} as asked_reporting,
    {{ money('credited') }} as credited,
    {{ money('asked - credited') }} as net,
    case
        when asked = credited then {{ money('0') }}
        else {{ prorated('asked_reporting', 'asked - credited', 'asked') }}
    end as net_reporting,
    promised_date,
    is_promised,
    is_broken,
    is_live_balance,
    is_rate_missing
from netted
