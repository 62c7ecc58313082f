-- Grain: one row per date of int_ageing_dates and bill-to account that was invoiced
-- anything in the 365 days up to it. With tax, credit notes taken off.
-- Amounts: reporting currency, converted at the document date.
with documents as (
    select
        account_key,
        base_currency,
        document_date,
        exists_from,
        exists_until,
        sum(effect_base) as amount_base
    from {{ ref('int_documents') }}
    where document_type in ('invoice', 'credit_note')
        and settlement in ('allocations', 'live_balance')
        and exists_from < exists_until
    group by account_key, base_currency, document_date, exists_from, exists_until
),

dates as (
    select as_of_date from {{ ref('int_ageing_dates') }}
),

run_context as (
    select reporting_currency from {{ ref('stg_run_context') }}
),

converted as (
    select
        documents.account_key,
        documents.exists_from,
        documents.exists_until,
        {{ convert('documents.amount_base', 'rates.rate') }} as amount
    from documents
    cross join run_context
    left join {{ ref('int_rates_of_days') }} as rates
        on documents.base_currency = rates.from_currency
            and run_context.reporting_currency = rates.to_currency
            and documents.document_date = rates.day
),

in_year as (
    select
        dates.as_of_date,
        converted.account_key,
        converted.amount,
        converted.exists_from >= {{ month_start('dates.as_of_date') }} as is_in_month
    from converted
    inner join dates
        on converted.exists_from <= dates.as_of_date
            and converted.exists_until > dates.as_of_date
            and converted.exists_from > {{ add_days('dates.as_of_date', '-365') }}
)

select
    as_of_date,
    account_key,
    {{ money(known_sum('amount')) }} as invoiced_year,
    {{ money(known_sum('amount', 'is_in_month')) }} as invoiced_month
from in_year
group by as_of_date, account_key
