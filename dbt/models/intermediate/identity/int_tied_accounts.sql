-- Grain: one row per CRM and account of a ledger company that it is tied to, deleted
-- accounts included. A tie that names no ledger company is to every one of its source.
select distinct
    ties.crm_source,
    accounts.source,
    accounts.account_key,
    accounts.account_id,
    accounts.account_code,
    accounts.bill_to_account_key,
    accounts.deleted_on
from {{ ref('int_accounts') }} as accounts
inner join {{ ref('stg_source_tie') }} as ties
    on accounts.source = ties.erp_source
        and accounts.entity_id = coalesce(ties.entity_id, accounts.entity_id)
