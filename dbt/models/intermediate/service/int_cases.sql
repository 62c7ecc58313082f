-- Grain: one row per CRM case that was raised by the as-of date, as it stood that day.
-- What happened later has not happened: it is open until the day it was solved, and not
-- answered until that day. A case that was solved without an answer was answered then.
-- first_response_sla, resolution_sla: met, missed or pending; null = no time is agreed.
-- is_overdue: open, and an answer or the solution that is still to come is past due.
with run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

companies as (
    select * from {{ ref('int_company_customer') }}
),

contracts as (
    select * from {{ ref('stg_crm_service_contract') }}
),

cases as (
    select
        stated.*,
        run_context.as_of_date,
        companies.customer_id,
        case
            when cast(coalesce(stated.first_response_at, stated.resolved_at) as date)
                <= run_context.as_of_date
                then coalesce(stated.first_response_at, stated.resolved_at)
        end as answered_at,
        case
            when cast(stated.resolved_at as date) <= run_context.as_of_date
                then stated.resolved_at
        end as solved_at
    from {{ ref('stg_crm_case') }} as stated
    cross join run_context
    left join contracts on stated.contract_key = contracts.contract_key
    left join companies
        on coalesce(stated.company_key, contracts.company_key) = companies.company_key
    where cast(stated.opened_at as date) <= run_context.as_of_date
),

judged as (
    select
        *,
        {{ sla_state('first_response_due_at', 'answered_at', 'as_of_date') }}
            as first_response_sla,
        {{ sla_state('resolution_due_at', 'solved_at', 'as_of_date') }}
            as resolution_sla
    from cases
),

due as (
    select
        *,
        case
            when solved_at is null
                then least(
                    case
                        when answered_at is null and first_response_sla = 'missed'
                            then cast(first_response_due_at as date)
                    end,
                    case
                        when resolution_sla = 'missed'
                            then cast(resolution_due_at as date)
                    end
                )
        end as overdue_on
    from judged
)

select
    case_key,
    source,
    case_id,
    customer_id,
    contract_key,
    cast(opened_at as date) as opened_on,
    priority,
    sla_policy,
    category,
    time_spent_minutes,
    solved_at is null as is_open,
    first_response_sla,
    resolution_sla,
    overdue_on is not null as is_overdue,
    overdue_on
from due
