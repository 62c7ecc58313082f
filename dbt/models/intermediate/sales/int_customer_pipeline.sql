-- Grain: one row per customer with an open opportunity or quote at the as-of date.
-- Amounts: reporting currency, at the last rate on or before the as-of date; null where
-- a stated amount has none. States without a date are the latest known.
with companies as (
    select * from {{ ref('int_company_customer') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

rates as (
    select
        fx_as_of.from_currency as currency,
        fx_as_of.rate
    from {{ ref('int_fx_as_of') }} as fx_as_of
    inner join run_context on fx_as_of.to_currency = run_context.reporting_currency
),

quotes as (
    select
        companies.customer_id,
        {{ convert('quotes.net', 'rates.rate') }} as net_reporting
    from {{ ref('int_crm_records') }} as quotes
    inner join companies on quotes.company_key = companies.company_key
    left join rates on quotes.currency = rates.currency
    where quotes.is_open_quote
),

open_opportunities as (
    select
        customer_id,
        count(*) as opportunities,
        count(case when is_overdue then 1 end) as overdue_opportunities,
        {{ known_sum('amount_reporting', 'amount is not null') }} as amount_reporting
    from {{ ref('int_opportunities') }}
    where state = 'open'
        and customer_id is not null
    group by customer_id
),

open_quotes as (
    select
        customer_id,
        count(*) as quotes,
        {{ known_sum('net_reporting') }} as net_reporting
    from quotes
    group by customer_id
)

select
    coalesce(open_opportunities.customer_id, open_quotes.customer_id) as customer_id,
    cast(coalesce(open_opportunities.opportunities, 0) as integer)
        as open_opportunities,
    cast(coalesce(open_opportunities.overdue_opportunities, 0) as integer)
        as overdue_opportunities,
    {{ zero_unless('open_opportunities', 'open_opportunities.amount_reporting') }}
        as open_opportunities_reporting,
    cast(coalesce(open_quotes.quotes, 0) as integer) as open_quotes,
    {{ zero_unless('open_quotes', 'open_quotes.net_reporting') }}
        as open_quotes_reporting
from open_opportunities
full outer join open_quotes on open_opportunities.customer_id = open_quotes.customer_id
