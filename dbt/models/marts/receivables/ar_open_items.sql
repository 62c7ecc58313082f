-- Grain: one row per open document x instalment at the as-of date.
-- Amounts: document currency, `_base` the ledger's, `_reporting` the company's, from
-- the base amount at the last rate on or before the as-of date. Debit positive.
with open_items as (
    select * from {{ ref('int_open_items') }}
),

balances as (
    select * from {{ ref('int_document_balances') }}
),

ages as (
    select * from {{ ref('int_item_ages') }}
),

disputes as (
    select * from {{ ref('int_item_disputes') }}
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

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
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
    {{ convert('open_items.residual_base', 'fx_as_of.rate') }} as residual_reporting,
    ages.days_overdue,
    ages.ageing_days,
    ages.bucket,
    case when ages.is_overdue then open_items.residual else 0 end as overdue,
    case when ages.is_overdue then open_items.residual_base else 0 end as overdue_base,
    case
        when ages.is_overdue
            then {{ convert('open_items.residual_base', 'fx_as_of.rate') }}
        else 0
    end as overdue_reporting,
    coalesce(disputes.disputed, 0) as disputed,
    coalesce(disputes.disputed_base, 0) as disputed_base,
    case
        when disputes.open_item_key is null then 0
        else {{ convert('disputes.disputed_base', 'fx_as_of.rate') }}
    end as disputed_reporting,
    promises.promise_date as promised_date,
    promises.promised_amount,
    promises.is_account_wide as is_promise_account_wide,
    promises.promise_date < run_context.as_of_date as is_promise_broken,
    open_items.residual - open_items.remaining_later as cleared_later,
    open_items.residual_base - open_items.remaining_later_base as cleared_later_base,
    open_items.remaining_later,
    open_items.remaining_later_base,
    balances.is_live_balance,
    balances.live_balance_date,
    balances.is_open_amount_missing,
    balances.has_undated_allocation,
    fx_as_of.rate is null as is_rate_missing,
    run_context.as_of_date,
    run_context.is_forced
from open_items
inner join balances on open_items.document_key = balances.document_key
inner join ages on open_items.open_item_key = ages.open_item_key
cross join run_context
left join accounts on balances.account_key = accounts.account_key
left join account_customer on balances.account_key = account_customer.account_key
left join disputes on open_items.open_item_key = disputes.open_item_key
left join promises on open_items.open_item_key = promises.open_item_key
left join fx_as_of
    on balances.base_currency = fx_as_of.from_currency
        and run_context.reporting_currency = fx_as_of.to_currency
