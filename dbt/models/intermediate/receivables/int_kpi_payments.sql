-- Grain: one row per date of int_ageing_dates and bill-to account that paid off any
-- invoice in the 365 days up to it, by what stood at that date. Sums of days, from the
-- document date (to pay) and from the due date (late), over the invoices that money
-- settled a part of; `_recent`: those of the last 90 days.
with settled as (
    select
        periods.document_key,
        periods.account_key,
        periods.settled_on,
        periods.valid_from,
        periods.valid_until
    from {{ ref('int_document_periods') }} as periods
    where periods.settled_on is not null
        and periods.effect > 0
        and periods.paid > 0
),

invoices as (
    select
        document_key,
        document_date,
        due_date
    from {{ ref('int_documents') }}
    where document_type = 'invoice'
),

dates as (
    select as_of_date from {{ ref('int_ageing_dates') }}
),

-- An invoice has one period at a date.
paid as (
    select
        dates.as_of_date,
        settled.account_key,
        {{ days_between('invoices.document_date', 'settled.settled_on') }}
            as days_to_pay,
        {{ days_between('invoices.due_date', 'settled.settled_on') }} as days_late,
        settled.settled_on > {{ add_days('dates.as_of_date', '-90') }} as is_recent
    from settled
    inner join invoices on settled.document_key = invoices.document_key
    inner join dates
        on settled.valid_from <= dates.as_of_date
            and settled.valid_until > dates.as_of_date
            and settled.settled_on > {{ add_days('dates.as_of_date', '-365') }}
)

select
    as_of_date,
    account_key,
    cast(count(*) as integer) as paid_invoices,
    cast(sum(days_to_pay) as integer) as days_to_pay,
    cast(sum(days_late) as integer) as days_late,
    cast(count(case when is_recent then 1 end) as integer) as paid_invoices_recent,
    cast(coalesce(sum(case when is_recent then days_to_pay end), 0) as integer)
        as days_to_pay_recent
from paid
group by as_of_date, account_key
