-- Grain: one row per ERP account and the account of its ledger it seems to be a
-- duplicate of.
with pairs as (
    select * from {{ ref('int_duplicate_accounts') }}
),

accounts as (
    select
        accounts.account_key,
        accounts.account_code,
        accounts.account_name,
        accounts.entity_key,
        accounts.entity_name,
        accounts.deleted_on,
        account_customer.customer_id
    from {{ ref('int_accounts') }} as accounts
    inner join {{ ref('int_account_customer') }} as account_customer
        on accounts.account_key = account_customer.account_key
)

select
    pairs.account_key,
    duplicates.account_code,
    duplicates.account_name,
    duplicates.entity_key,
    duplicates.entity_name,
    duplicates.customer_id,
    pairs.documents,
    duplicates.deleted_on,
    pairs.survivor_key as suggested_survivor_key,
    survivors.account_code as suggested_survivor_code,
    survivors.account_name as suggested_survivor_name,
    survivors.customer_id as suggested_survivor_customer_id,
    pairs.survivor_documents as suggested_survivor_documents,
    pairs.evidence,
    pairs.compared,
    cast(pairs.match_probability as decimal(5, 4)) as match_score
from pairs
inner join accounts as duplicates on pairs.account_key = duplicates.account_key
inner join accounts as survivors on pairs.survivor_key = survivors.account_key
