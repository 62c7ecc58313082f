-- Grain: one row per bill-to account, term of the exposure, currency and base currency.
-- Amounts without the sign of their term.
select
    account_key,
    term,
    currency,
    base_currency,
    {{ money('sum(amount)') }} as amount,
    {{ money('sum(amount_base)') }} as amount_base
from {{ ref('int_exposure_parts') }}
group by account_key, term, currency, base_currency
