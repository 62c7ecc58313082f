-- Grain: one row per customer account in one ledger, with the one customer it is of.
-- Source: int_account_customer, int_accounts. Deleted accounts stay, marked.
with account_customer as (
    select * from {{ ref('int_account_customer') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

customers as (
    select * from {{ ref('int_customers') }}
),

companies as (
    select * from {{ ref('int_companies') }}
),

features as (
    select
        {{ key_of('record_id') }} as account_key,
        vat_status,
        registration_status
    from {{ ref('stg_identity_feature') }}
    where side = 'account'
),

account_numbers as (
    select
        account_key,
        vat_number,
        registration_number
    from {{ ref('stg_erp_account') }}
),

stakes as (
    select * from {{ ref('int_match_stakes') }}
),

run_context as (
    select
        as_of_date,
        is_forced,
        reporting_currency
    from {{ ref('stg_run_context') }}
)

select
    account_customer.account_key,
    account_customer.customer_id,
    customers.customer_name,
    customers.group_id,
    customers.group_name,
    accounts.source,
    accounts.account_id,
    accounts.account_code,
    accounts.account_name,
    accounts.entity_id,
    accounts.entity_name,
    accounts.base_currency,
    accounts.currency as account_currency,
    accounts.account_type,
    accounts.status as account_status,
    accounts.settlement,
    accounts.bill_to_account_key,
    accounts.bill_to_missing as is_bill_to_missing,
    accounts.parent_account_key,
    accounts.payment_terms_code,
    accounts.salesperson_code,
    accounts.territory,
    accounts.customer_group,
    accounts.opened_on,
    accounts.deleted_on,
    account_numbers.vat_number,
    coalesce(features.vat_status, 'absent') as vat_status,
    account_numbers.registration_number,
    coalesce(features.registration_status, 'absent') as registration_status,
    account_customer.company_key,
    companies.company_name,
    account_customer.match_status,
    account_customer.match_tier,
    account_customer.match_score,
    account_customer.evidence,
    account_customer.compared,
    account_customer.decided_by,
    account_customer.linked_since,
    account_customer.is_conflict,
    account_customer.candidates,
    account_customer.rejections,
    stakes.at_stake_reporting,
    run_context.reporting_currency,
    accounts.custom_fields,
    run_context.as_of_date,
    run_context.is_forced
from account_customer
cross join run_context
inner join accounts on account_customer.account_key = accounts.account_key
inner join stakes on account_customer.account_key = stakes.account_key
inner join account_numbers on account_customer.account_key = account_numbers.account_key
inner join customers on account_customer.customer_id = customers.customer_id
left join companies on account_customer.company_key = companies.company_key
left join features on account_customer.account_key = features.account_key
