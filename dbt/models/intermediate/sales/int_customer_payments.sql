-- Grain: one row per customer that owes or owed an invoice dated in the last 365 days,
-- or paid one off in them. It is the customer of the bill-to account.
-- Days to pay: mean over the invoices paid in full in those days. Days sales
-- outstanding: what is open at the as-of date over what was invoiced in those days,
-- with tax, x 365.
with invoices as (
    select
        *,
        {{ days_between('document_date', 'as_of_date') }} < 365 as is_recent,
        {{ days_between('settled_on', 'as_of_date') }} < 365 as is_recently_paid
    from {{ ref('invoice_history') }}
),

summed as (
    select
        bill_to_customer_id as customer_id,
        sum(case when is_recently_paid then days_to_pay end) as days,
        count(case when is_recently_paid then days_to_pay end) as paid_invoices,
        {{ known_sum('amount_reporting', 'is_recent') }} as invoiced,
        count(case when is_recent and payment_status <> 'unknown' then 1 end)
            as recent_invoices
    from invoices
    group by bill_to_customer_id
),

balances as (
    select
        customer_id,
        {{ known_sum('outstanding_reporting') }} as outstanding
    from {{ ref('ar_ageing_by_customer') }}
    group by customer_id
)

select
    summed.customer_id,
    cast({{ ratio('summed.days', 'summed.paid_invoices') }} as decimal(9, 2))
        as days_to_pay,
    cast(summed.paid_invoices as integer) as paid_invoices,
    case when summed.recent_invoices > 0 and summed.invoiced > 0 then
        cast({{ ratio(
            zero_unless('balances', 'balances.outstanding') ~ ' * 365',
            'summed.invoiced'
        ) }} as decimal(12, 2))
    end as days_sales_outstanding
from summed
left join balances on summed.customer_id = balances.customer_id
where summed.paid_invoices > 0
    or summed.recent_invoices > 0
