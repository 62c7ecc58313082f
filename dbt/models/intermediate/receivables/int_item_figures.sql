-- Grain: one row per open item and date of int_ageing_dates: what is open, overdue and
-- disputed of it, and the bucket it stands in.
-- Amounts: document currency, `_base` the ledger's, `_reporting` the company's, from
-- the base amount at the last rate on or before the date. Debit positive.
with open_items as (
    select * from {{ ref('int_open_items') }}
),

ages as (
    select * from {{ ref('int_item_ages') }}
),

disputes as (
    select * from {{ ref('int_item_disputes') }}
),

fx_at_dates as (
    select * from {{ ref('int_fx_at_dates') }}
),

run_context as (
    select reporting_currency from {{ ref('stg_run_context') }}
)

select
    open_items.open_item_key,
    open_items.as_of_date,
    open_items.is_current,
    open_items.is_month_end,
    open_items.account_key,
    open_items.currency,
    open_items.base_currency,
    open_items.residual,
    open_items.residual_base,
    {{ convert('open_items.residual_base', 'fx_at_dates.rate') }} as residual_reporting,
    ages.days_overdue,
    ages.ageing_days,
    ages.bucket,
    case when ages.is_overdue then open_items.residual else 0 end as overdue,
    case when ages.is_overdue then open_items.residual_base else 0 end as overdue_base,
    case
        when ages.is_overdue
            then {{ convert('open_items.residual_base', 'fx_at_dates.rate') }}
        else 0
    end as overdue_reporting,
    coalesce(disputes.disputed, 0) as disputed,
    coalesce(disputes.disputed_base, 0) as disputed_base,
    case
        when disputes.open_item_key is null then 0
        else {{ convert('disputes.disputed_base', 'fx_at_dates.rate') }}
    end as disputed_reporting,
    open_items.is_live_balance,
    open_items.live_balance_date,
    fx_at_dates.rate is null as is_rate_missing
from open_items
inner join ages
    on open_items.open_item_key = ages.open_item_key
        and open_items.as_of_date = ages.as_of_date
cross join run_context
left join disputes
    on open_items.open_item_key = disputes.open_item_key
        and open_items.as_of_date = disputes.as_of_date
left join fx_at_dates
    on open_items.as_of_date = fx_at_dates.as_of_date
        and open_items.base_currency = fx_at_dates.from_currency
        and run_context.reporting_currency = fx_at_dates.to_currency
