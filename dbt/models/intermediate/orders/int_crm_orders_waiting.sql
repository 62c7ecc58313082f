-- Grain: one row per CRM order or accepted quote that no ERP order of the as-of date or
-- before answers.
-- The account is the customer's only one in the ERPs the CRM is tied to; null where it
-- has none or several. is_held: a hold stops the orders of any of those.
with records as (
    select * from {{ ref('int_crm_records') }}
),

answers as (
    select answers.*
    from {{ ref('int_crm_answers') }} as answers
    inner join {{ ref('stg_run_context') }} as run_context
        on answers.answered_on <= run_context.as_of_date
),

companies as (
    select * from {{ ref('int_companies') }}
),

customers as (
    select * from {{ ref('int_customers') }}
),

customer_accounts as (
    select
        account_customer.customer_id,
        accounts.crm_source,
        count(*) as accounts,
        min(accounts.account_key) as account_key,
        max(case when holds.stops_orders then 1 else 0 end) as held
    from {{ ref('int_tied_accounts') }} as accounts
    inner join {{ ref('int_account_customer') }} as account_customer
        on accounts.account_key = account_customer.account_key
    left join {{ ref('int_account_hold') }} as holds
        on accounts.bill_to_account_key = holds.account_key
    where accounts.deleted_on is null
    group by account_customer.customer_id, accounts.crm_source
)

select
    records.record_type,
    records.record_key,
    records.source,
    records.record_no,
    records.status,
    records.is_draft,
    records.order_date,
    records.requested_date,
    records.currency,
    records.net,
    records.total,
    records.price_list,
    records.payment_terms,
    records.shipping_method,
    records.salesperson,
    customers.customer_id,
    case when customer_accounts.accounts = 1 then customer_accounts.account_key end
        as account_key,
    coalesce(customer_accounts.held = 1, false) as is_held
from records
inner join companies on records.company_key = companies.company_key
inner join customers on companies.surviving_company_key = customers.company_key
left join answers
    on records.record_type = answers.record_type
        and records.record_key = answers.record_key
left join customer_accounts
    on customers.customer_id = customer_accounts.customer_id
        and records.source = customer_accounts.crm_source
where records.is_wanted
    and answers.record_key is null
