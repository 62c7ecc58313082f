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
    {%- for term in exposure_terms() %}
    {%- set lowers = term in ['prepayments', 'returns_pending'] %}
    select
        '{{ term }}' as term,
        {{ -1 if lowers else 1 }} as sign,
        {{ 'false' if lowers else 'true' }} as counts_by_default
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    terms.term,
    terms.sign,
    coalesce(policy.counts, terms.counts_by_default) as counts
from terms
left join policy on terms.term = policy.term
