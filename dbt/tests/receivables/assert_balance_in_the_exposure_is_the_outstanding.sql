-- The balance that credit is judged by is the balance that the ageing shows, per
-- account.
-- Both are in reporting currency; the one is converted as a sum, the other item by
-- item. An account of which some other term has no rate has no exposure to compare.
with exposure as (
    select
        account_key,
        balance_reporting,
        is_rate_missing
    from {{ ref('credit_exposure') }}
    where level = 'account'
        and has_receivables
),

ageing as (
    select
        account_key,
        sum(outstanding_reporting) as outstanding_reporting,
        sum(open_items) as open_items
    from {{ ref('ar_ageing') }}
    group by account_key
)

select
    exposure.account_key,
    exposure.balance_reporting,
    ageing.outstanding_reporting
from exposure
full outer join ageing on exposure.account_key = ageing.account_key
where abs(
        coalesce(exposure.balance_reporting, 0)
        - coalesce(ageing.outstanding_reporting, 0)
    ) > 0.0001 * (1 + coalesce(ageing.open_items, 0))
    and ageing.outstanding_reporting is not null
    and not coalesce(exposure.is_rate_missing, false)
