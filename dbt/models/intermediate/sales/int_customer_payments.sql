-- Grain: one row per customer that owes, was invoiced or paid in the year up to the
-- as-of date: its key figures of that day.
select
    credit_kpis.customer_id,
    credit_kpis.days_to_pay,
    credit_kpis.paid_invoices,
    credit_kpis.days_sales_outstanding
from {{ ref('credit_kpis') }} as credit_kpis
inner join {{ ref('stg_run_context') }} as run_context
    on credit_kpis.as_of_date = run_context.as_of_date
where credit_kpis.level = 'customer'
