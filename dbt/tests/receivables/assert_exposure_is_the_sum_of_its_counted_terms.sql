-- At every level, in both currencies: the terms that the policy counts, prepayments and
-- pending returns taken off.
{%- set signs = {
    'balance': '', 'open_orders': '', 'shipped_not_invoiced': '',
    'unposted_invoices': '', 'prepayments': '-', 'returns_pending': '-'
} %}
with policy as (
    select
        {%- for term in signs %}
        bool_or(counts) filter (where term = '{{ term }}') as counts_{{ term }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('int_exposure_policy') }}
),

summed as (
    select
        exposure.level,
        exposure.id,
        exposure.exposure,
        exposure.exposure_reporting,
        {%- for suffix in ['', '_reporting'] %}
        {%- for term, sign in signs.items() %}
        {% if not loop.first %}+ {% endif -%}
        case when policy.counts_{{ term }}
            then {{ sign }}coalesce(exposure.{{ term }}{{ suffix }}, 0) else 0 end
        {%- endfor %} as terms{{ suffix }},
        {%- endfor %}
        exposure.is_rate_missing
    from {{ ref('credit_exposure') }} as exposure
    cross join policy
)

select *
from summed
where not is_rate_missing
    and (
        exposure is null
        or exposure_reporting is null
        or exposure <> terms
        or exposure_reporting <> terms_reporting
    )
