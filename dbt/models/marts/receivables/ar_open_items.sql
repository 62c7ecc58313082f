-- Grain: one row per open document x instalment at the as-of date.
-- Amounts: document currency, `_base` the ledger's, `_reporting` the company's, from
-- the base amount at the last rate on or before the as-of date. Debit positive.
with open_items as (
    select * from {{ ref('int_open_items') }}
    where is_current
),

figures as (
    select * from {{ ref('int_item_figures') }}
    where is_current
),

balances as (
    select * from {{ ref('int_document_balances') }}
),

lastly as (
    select * from {{ ref('int_item_periods') }}
    where valid_until = {{ last_day_ever() }}
),

promises as (
    select * from {{ ref('int_item_promises') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

account_customer as (
    select
        account_key,
        customer_id,
        group_id
    from {{ ref('int_account_customer') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
)

select
    open_items.open_item_key,
    balances.source,
    balances.document_key,
    balances.document_id,
    open_items.installment_no,
    balances.document_type,
    balances.document_no,
    balances.reference,
    balances.po_number,
    balances.order_key,
    balances.entity_key,
    balances.account_key,
    accounts.account_code,
    accounts.account_name,
    account_customer.customer_id,
    account_customer.group_id,
    balances.ordering_account_key,
    balances.control_account,
    balances.document_date,
    balances.posting_date,
    open_items.due_date,
    balances.due_date_basis,
    open_items.due_date < balances.document_date as is_due_before_document,
    open_items.is_plan_different,
    balances.currency,
    balances.base_currency,
    run_context.reporting_currency,
    open_items.effect as amount,
    open_items.effect_base as amount_base,
    open_items.paid,
    open_items.credited,
    open_items.residual,
    open_items.residual_base,
    figures.residual_reporting,
    figures.days_overdue,
    figures.ageing_days,
    figures.bucket,
    figures.overdue,
    figures.overdue_base,
    figures.overdue_reporting,
    figures.disputed,
    figures.disputed_base,
    figures.disputed_reporting,
    promises.promise_date as promised_date,
    promises.promised_amount,
    promises.is_account_wide as is_promise_account_wide,
    promises.promise_date < run_context.as_of_date as is_promise_broken,
    {{ money('open_items.residual - coalesce(lastly.residual, 0)') }} as cleared_later,
    {{ money('open_items.residual_base - coalesce(lastly.residual_base, 0)') }}
        as cleared_later_base,
    coalesce(lastly.residual, 0) as remaining_later,
    coalesce(lastly.residual_base, 0) as remaining_later_base,
    balances.is_live_balance,
    balances.live_balance_date,
    balances.is_open_amount_missing,
    balances.has_undated_allocation,
    figures.is_rate_missing,
    run_context.as_of_date,
    run_context.is_forced
from open_items
inner join balances on open_items.document_key = balances.document_key
inner join figures on open_items.open_item_key = figures.open_item_key
cross join run_context
left join accounts on balances.account_key = accounts.account_key
left join account_customer on balances.account_key = account_customer.account_key
left join lastly
    on open_items.document_key = lastly.document_key
        and open_items.part_no = lastly.part_no
left join promises on open_items.open_item_key = promises.open_item_key
