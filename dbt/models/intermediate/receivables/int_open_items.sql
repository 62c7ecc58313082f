-- Grain: one row per date of int_ageing_dates and document x instalment (one where it
-- has none) of which something remains then.
-- A live balance is of the day of its extract: no month end before it has one.
with items as (
    select * from {{ ref('int_item_periods') }}
),

dates as (
    select * from {{ ref('int_ageing_dates') }}
)

select
    items.document_key || '/' || coalesce(cast(items.installment_no as varchar), '-')
        as open_item_key,
    dates.as_of_date,
    dates.is_current,
    dates.is_month_end,
    items.document_key,
    items.part_no,
    items.installment_no,
    items.due_date,
    items.is_plan_different,
    items.document_date,
    items.posting_date,
    items.account_key,
    items.currency,
    items.base_currency,
    items.effect,
    items.effect_base,
    items.residual,
    items.residual_base,
    items.paid,
    {{ money('items.effect - items.residual - items.paid') }} as credited,
    items.is_live_balance,
    items.live_balance_date
from items
inner join dates
    on items.valid_from <= dates.as_of_date
        and items.valid_until > dates.as_of_date
where dates.is_current
    or not items.is_live_balance
    or items.live_balance_date <= dates.as_of_date
