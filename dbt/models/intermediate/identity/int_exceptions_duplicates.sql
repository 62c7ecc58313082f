-- Grain: one row per pair of companies, or of accounts of one ledger, that look like
-- one organisation and are of two customers. A pair of one customer needs nobody any
-- more.
-- Amounts: what the customer of the duplicate owes, in reporting currency.
with companies as (
    select
        pairs.company_key || ' = ' || pairs.suggested_survivor_key as pair,
        companies.source,
        pairs.customer_id,
        'company ' || coalesce(pairs.company_name || ' ', '') || '('
        || pairs.company_key || ') looks like '
        || coalesce(pairs.suggested_survivor_name || ' ', '') || '('
        || pairs.suggested_survivor_key || '), which is to stay: ' || pairs.evidence
            as what
    from {{ ref('duplicate_companies') }} as pairs
    inner join {{ ref('int_companies') }} as companies
        on pairs.company_key = companies.company_key
    where pairs.customer_id <> pairs.suggested_survivor_customer_id
),

accounts as (
    select
        pairs.account_key || ' = ' || pairs.suggested_survivor_key as pair,
        accounts.source,
        pairs.customer_id,
        'account ' || coalesce(pairs.account_name || ' ', '') || '('
        || pairs.account_key || ') looks like '
        || coalesce(pairs.suggested_survivor_name || ' ', '') || '('
        || pairs.suggested_survivor_key || '), which is to stay: ' || pairs.evidence
            as what
    from {{ ref('duplicate_accounts') }} as pairs
    inner join {{ ref('int_accounts') }} as accounts
        on pairs.account_key = accounts.account_key
    where pairs.customer_id <> pairs.suggested_survivor_customer_id
),

owed as (
    select
        customer_id,
        outstanding_reporting
    from {{ ref('int_customer_balances') }}
),

run_context as (
    select reporting_currency from {{ ref('stg_run_context') }}
),

found as (
    select
        'duplicate_company' as kind,
        'duplicate_companies' as where_to_look,
        *
    from companies
    union all
    select
        'duplicate_account' as kind,
        'duplicate_accounts' as where_to_look,
        *
    from accounts
)

select
    found.kind,
    found.source,
    found.pair as record_key,
    found.customer_id,
    found.what,
    cast(null as date) as since,
    {{ money('owed.outstanding_reporting') }} as amount,
    run_context.reporting_currency as currency,
    'data' as whose,
    found.where_to_look
from found
cross join run_context
left join owed on found.customer_id = owed.customer_id
