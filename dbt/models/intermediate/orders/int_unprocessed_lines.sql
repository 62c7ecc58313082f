-- Grain: one row per unprocessed line of an ERP order, CRM order or accepted quote (one
-- row without a line for a CRM record that has none), with its customer.
-- owner: the CRM user who owns the customer's company, else the salesperson by name.
-- Reporting currency: ERP values from base currency, CRM values from their own, at the
-- last rate on or before the as-of date; null where there is none.
-- What is to ship and waits for nothing is ready to ship.
with run_context as (
    select * from {{ ref('stg_run_context') }}
),

customers as (
    select * from {{ ref('int_customers') }}
),

company as (
    select * from {{ ref('stg_crm_company') }}
),

crm_user as (
    select * from {{ ref('stg_crm_user') }}
),

salespeople as (
    select * from {{ ref('stg_erp_list_value') }}
    where list_name = 'salesperson'
),

fx_rates as (
    select * from {{ ref('int_fx_as_of') }}
),

lines as (
    select * from {{ ref('int_unprocessed_erp_lines') }}
    union all
    select * from {{ ref('int_unprocessed_crm_lines') }}
),

valued as (
    select
        lines.*,
        customers.customer_name,
        customers.group_id,
        customers.group_name,
        coalesce(crm_user.name, salespeople.label, lines.salesperson_code) as owner,
        run_context.as_of_date,
        run_context.is_forced,
        run_context.reporting_currency,
        {{ convert(
            'coalesce(lines.order_total_base, lines.order_total)', 'fx_rates.rate'
        ) }} as order_total_reporting,
        {{ convert('coalesce(lines.open_net_base, lines.open_net)', 'fx_rates.rate') }}
            as open_net_reporting,
        case
            when lines.due_date is null then null
            when lines.due_date >= run_context.as_of_date then 0
            else {{ days_between('lines.due_date', 'run_context.as_of_date') }}
        end as days_late
    from lines
    cross join run_context
    inner join customers on lines.customer_id = customers.customer_id
    left join company on customers.company_key = company.company_key
    left join crm_user
        on company.source = crm_user.source
            and company.owner_user_id = crm_user.user_id
    left join salespeople
        on lines.source = salespeople.source
            and lines.salesperson_code = salespeople.code
    left join fx_rates
        on coalesce(lines.base_currency, lines.currency) = fx_rates.from_currency
            and run_context.reporting_currency = fx_rates.to_currency
),

stated as (
    select
        *,
        case
            when waits_not_handed_over then 'not_handed_over'
            when waits_awaiting_approval then 'draft'
            when qty_to_ship = 0 then 'to_invoice'
            when qty_shipped > 0 then 'part_shipped'
            else 'to_ship'
        end as state,
        qty_to_ship > 0
        and not (
            {%- for reason in waiting_reasons() if reason not in
                ('to_be_invoiced', 'ready_to_ship') %}
            {{ 'or ' if not loop.first }}waits_{{ reason }}
            {%- endfor %}
        ) as waits_ready_to_ship
    from valued
)

select
    *,
    {{ leading_reason() }} as leading_reason,
    {{ all_reasons() }} as reasons
from stated
