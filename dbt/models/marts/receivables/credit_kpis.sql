-- Grain: one row per month end (and the as-of date) and level: the firm, each ledger
-- company (entity), each customer over all ledgers.
-- Amounts: reporting currency. Windows end on the day of the row.
with sums as (
    select * from {{ ref('int_kpi_sums') }}
),

entity as (
    select
        entity_key,
        name
    from {{ ref('stg_erp_entity') }}
),

customers as (
    select
        customer_id,
        customer_name,
        group_id
    from {{ ref('int_customers') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

windowed as (
    select
        *,
        least(365, {{ days_between('first_date', 'as_of_date') }} + 1) as window_days,
        case when invoiced_year > 0 then invoiced_year end as invoiced_base
    from sums
),

measured as (
    select
        *,
        {{ days_of('outstanding', 'invoiced_base', 'window_days') }}
            as days_sales_outstanding,
        {{ days_of('not_due', 'invoiced_base', 'window_days') }}
            as best_possible_days,
        {{ mean_of('days_to_pay', 'paid_invoices') }} as mean_days_to_pay,
        {{ mean_of('days_late', 'paid_invoices') }} as mean_days_late,
        {{ mean_of('days_to_pay_recent', 'paid_invoices_recent') }}
            as mean_days_to_pay_recent,
        {{ mean_of(
            'days_to_pay - days_to_pay_recent', 'paid_invoices - paid_invoices_recent'
        ) }} as mean_days_to_pay_before
    from windowed
)

select
    measured.level,
    measured.entity_key,
    entity.name as entity_name,
    measured.customer_id,
    customers.customer_name,
    customers.group_id,
    measured.as_of_date,
    measured.as_of_date = {{ month_end('measured.as_of_date') }} as is_month_complete,
    run_context.reporting_currency,
    measured.outstanding,
    measured.receivables_opening,
    measured.invoiced_month,
    measured.receivables,
    measured.not_due,
    measured.overdue,
    measured.d90_plus,
    measured.invoiced_year,
    cast(measured.window_days as integer) as window_days,
    measured.days_sales_outstanding,
    measured.best_possible_days as best_possible_days_sales_outstanding,
    cast(measured.days_sales_outstanding - measured.best_possible_days
        as decimal(12, 2)) as average_days_delinquent,
    {{ percent_of(
        'measured.receivables_opening + measured.invoiced_month - measured.receivables',
        'measured.receivables_opening + measured.invoiced_month - measured.not_due'
    ) }} as collection_effectiveness_pct,
    {{ percent_of('measured.d90_plus', 'measured.receivables') }} as over_90_pct,
    measured.paid_invoices,
    measured.mean_days_to_pay as days_to_pay,
    measured.mean_days_late as days_late,
    measured.mean_days_to_pay_recent as days_to_pay_recent,
    cast(measured.mean_days_to_pay_recent - measured.mean_days_to_pay_before
        as decimal(9, 2)) as days_to_pay_trend,
    run_context.is_forced and measured.as_of_date > run_context.default_as_of_date
        as is_forced
from measured
cross join run_context
left join entity on measured.entity_key = entity.entity_key
left join customers on measured.customer_id = customers.customer_id
