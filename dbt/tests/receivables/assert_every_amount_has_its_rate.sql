-- Without a rate a reporting amount is null and flagged; it is published and listed.
{{ config(severity='warn') }}
select
    account_key,
    currency,
    base_currency,
    outstanding
from {{ ref('ar_ageing') }}
where is_rate_missing
