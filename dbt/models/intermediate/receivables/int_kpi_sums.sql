-- Grain: one row per date of int_ageing_dates and level: the firm, each ledger company
-- (entity), each customer that owes, was invoiced or paid: the sums that the key
-- figures of credit are made of.
-- Amounts: reporting currency; null where a part is not known.
with balances as (
    select * from {{ ref('int_kpi_balances') }}
),

invoiced as (
    select * from {{ ref('int_kpi_invoiced') }}
),

payments as (
    select * from {{ ref('int_kpi_payments') }}
),

accounts as (
    select
        accounts.account_key,
        accounts.entity_key,
        account_customer.customer_id
    from {{ ref('int_accounts') }} as accounts
    inner join {{ ref('int_account_customer') }} as account_customer
        on accounts.account_key = account_customer.account_key
),

first_dates as (
    select
        entity_key,
        min(exists_from) as first_date
    from {{ ref('int_documents') }}
    where settlement in ('allocations', 'live_balance')
    group by entity_key
),

keys as (
    select
        as_of_date,
        account_key
    from balances
    union
    select
        as_of_date,
        account_key
    from invoiced
    union
    select
        as_of_date,
        account_key
    from payments
),

-- Each of the three has at most one row per date and account.
by_account as (
    select
        keys.as_of_date,
        accounts.entity_key,
        accounts.customer_id,
        first_dates.first_date,
        {%- for figure in [
            'outstanding', 'receivables', 'not_due', 'overdue', 'd90_plus',
            'receivables_opening'
        ] %}
        {{ zero_if_absent('balances.account_key', 'balances.' ~ figure) }}
            as {{ figure }},
        {%- endfor %}
        {{ zero_if_absent('invoiced.account_key', 'invoiced.invoiced_year') }}
            as invoiced_year,
        {{ zero_if_absent('invoiced.account_key', 'invoiced.invoiced_month') }}
            as invoiced_month,
        coalesce(payments.paid_invoices, 0) as paid_invoices,
        coalesce(payments.days_to_pay, 0) as days_to_pay,
        coalesce(payments.days_late, 0) as days_late,
        coalesce(payments.paid_invoices_recent, 0) as paid_invoices_recent,
        coalesce(payments.days_to_pay_recent, 0) as days_to_pay_recent
    from keys
    inner join accounts on keys.account_key = accounts.account_key
    inner join first_dates on accounts.entity_key = first_dates.entity_key
    left join balances
        on keys.as_of_date = balances.as_of_date
            and keys.account_key = balances.account_key
    left join invoiced
        on keys.as_of_date = invoiced.as_of_date
            and keys.account_key = invoiced.account_key
    left join payments
        on keys.as_of_date = payments.as_of_date
            and keys.account_key = payments.account_key
),

{%- for level, summed_from, grouped_by in [
    ('customer', 'by_account', 'as_of_date, customer_id'),
    ('entity', 'by_account', 'as_of_date, entity_key'),
    ('firm', 'by_entity', 'as_of_date')
] %}

by_{{ level }} as (
    select
        as_of_date,
        '{{ level }}' as level,
        {{ 'entity_key' if 'entity_key' in grouped_by else 'cast(null as varchar)' }}
            as entity_key,
        {{ 'customer_id' if 'customer_id' in grouped_by else 'cast(null as varchar)' }}
            as customer_id,
        min(first_date) as first_date,
        {%- for figure in [
            'outstanding', 'receivables', 'not_due', 'overdue', 'd90_plus',
            'receivables_opening', 'invoiced_year', 'invoiced_month'
        ] %}
        {{ sum_whole(figure) }} as {{ figure }},
        {%- endfor %}
        cast(sum(paid_invoices) as integer) as paid_invoices,
        cast(sum(days_to_pay) as integer) as days_to_pay,
        cast(sum(days_late) as integer) as days_late,
        cast(sum(paid_invoices_recent) as integer) as paid_invoices_recent,
        cast(sum(days_to_pay_recent) as integer) as days_to_pay_recent
    from {{ summed_from }}
    group by {{ grouped_by }}
){{ ',' if not loop.last }}
{%- endfor %}

select * from by_customer
union all
select * from by_entity
union all
select * from by_firm
