-- Grain: one row per pair of companies, or of accounts of one ledger, that look like
-- one organisation and are of two customers. A pair of one customer needs nobody any
-- more.
-- Amounts: what the customer of the duplicate owes, in reporting currency.
with found as (
    {%- for thing, things in [('company', 'companies'), ('account', 'accounts')] %}
    select
        'duplicate_{{ thing }}' as kind,
        'duplicate_{{ things }}' as where_to_look,
        pairs.{{ thing }}_key || ' = ' || pairs.suggested_survivor_key as pair,
        records.source,
        pairs.customer_id,
        '{{ thing }} ' || coalesce(pairs.{{ thing }}_name || ' ', '') || '('
        || pairs.{{ thing }}_key || ') looks like '
        || coalesce(pairs.suggested_survivor_name || ' ', '') || '('
        || pairs.suggested_survivor_key || '), which is to stay: ' || pairs.evidence
            as what
    from {{ ref('duplicate_' ~ things) }} as pairs
    inner join {{ ref('int_' ~ things) }} as records
        on pairs.{{ thing }}_key = records.{{ thing }}_key
    where pairs.customer_id <> pairs.suggested_survivor_customer_id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

owed as (
    select
        customer_id,
        outstanding_reporting
    from {{ ref('int_customer_balances') }}
),

run_context as (
    select reporting_currency from {{ ref('stg_run_context') }}
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
