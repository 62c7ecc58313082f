-- Grain: one row per ageing profile, account, document currency and bucket with
-- anything in it at the as-of date.
-- Amounts: document currency, `_base` the ledger's, `_reporting` the company's. The
-- buckets of an account and currency add up to its outstanding in ar_ageing.
with items as (
    select * from {{ ref('int_item_figures') }}
    where is_current
),

item_buckets as (
    select * from {{ ref('int_item_buckets') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

account_customer as (
    select
        account_key,
        customer_id,
        group_id
    from {{ ref('int_account_customer') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

summed as (
    select
        item_buckets.profile,
        items.account_key,
        items.currency,
        item_buckets.bucket_no,
        item_buckets.bucket,
        min(item_buckets.from_age) as from_age,
        min(item_buckets.to_age) as to_age,
        min(item_buckets.age_unit) as age_unit,
        min(item_buckets.basis) as basis,
        min(item_buckets.credits) as credits,
        case when min(items.base_currency) = max(items.base_currency)
            then min(items.base_currency)
        end as base_currency,
        {{ sum_whole('items.residual') }} as amount,
        {{ sum_base('items.residual_base', 'items.base_currency') }} as amount_base,
        {{ sum_whole('items.residual_reporting') }} as amount_reporting,
        cast(count(*) as integer) as open_items,
        bool_or(items.is_rate_missing) as is_rate_missing
    from items
    inner join item_buckets on items.open_item_key = item_buckets.open_item_key
    group by
        item_buckets.profile,
        items.account_key,
        items.currency,
        item_buckets.bucket_no,
        item_buckets.bucket
)

select
    summed.profile,
    accounts.source,
    summed.account_key,
    accounts.account_code,
    accounts.account_name,
    accounts.entity_key,
    account_customer.customer_id,
    account_customer.group_id,
    summed.bucket_no,
    summed.bucket,
    summed.from_age,
    summed.to_age,
    summed.age_unit,
    summed.currency,
    summed.base_currency,
    run_context.reporting_currency,
    summed.amount,
    summed.amount_base,
    summed.amount_reporting,
    summed.open_items,
    summed.basis as ageing_basis,
    summed.credits as ageing_credits,
    summed.is_rate_missing,
    run_context.as_of_date,
    run_context.is_forced
from summed
cross join run_context
inner join accounts on summed.account_key = accounts.account_key
inner join account_customer on summed.account_key = account_customer.account_key
