-- Grain: one row per customer account in one ledger, deleted ones included.
-- Names, codes and statuses are undated: the latest known, whatever the as-of date.
with account as (
    select * from {{ ref('stg_erp_account') }}
),

entity as (
    select * from {{ ref('stg_erp_entity') }}
),

source_info as (
    select * from {{ ref('stg_source_info') }}
),

payment_terms as (
    select * from {{ ref('stg_erp_payment_terms') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
)

select
    account.account_key,
    account.source,
    account.account_id,
    account.account_code,
    account.name as account_name,
    account.entity_key,
    account.entity_id,
    entity.name as entity_name,
    entity.base_currency,
    coalesce(bill_to.account_key, account.account_key) as bill_to_account_key,
    account.bill_to_account_key is not null
    and bill_to.account_key is null as bill_to_missing,
    account.parent_account_key,
    account.account_type,
    account.status,
    account.currency,
    account.salesperson_code,
    account.territory,
    account.customer_group,
    account.payment_terms_code,
    coalesce(payment_terms.is_prepayment, false) as pays_in_advance,
    account.control_account,
    account.opened_on,
    source_info.settlement,
    case
        when account.deleted_on <= run_context.as_of_date then account.deleted_on
    end as deleted_on,
    account.custom_fields
from account
cross join run_context
left join entity on account.entity_key = entity.entity_key
left join account as bill_to on account.bill_to_account_key = bill_to.account_key
left join source_info on account.source = source_info.source
left join payment_terms
    on account.source = payment_terms.source
        and account.payment_terms_code = payment_terms.terms_code
