-- Grain: one row per term of the exposure: its sign, and whether it counts.
-- A term that the policy does not name counts as it does where there is no policy.
with policy as (
    select
        term,
        bool_or(counts) as counts
    from {{ ref('stg_exposure_policy') }}
    group by term
),

terms as (
    select 'balance' as term, 1 as sign, true as counts_by_default
    union all
    select 'open_orders' as term, 1 as sign, true as counts_by_default
    union all
    select 'shipped_not_invoiced' as term, 1 as sign, true as counts_by_default
    union all
    select 'unposted_invoices' as term, 1 as sign, true as counts_by_default
    union all
    select 'prepayments' as term, -1 as sign, false as counts_by_default
    union all
    select 'returns_pending' as term, -1 as sign, false as counts_by_default
)

select
    terms.term,
    terms.sign,
    coalesce(policy.counts, terms.counts_by_default) as counts
from terms
left join policy on terms.term = policy.term
