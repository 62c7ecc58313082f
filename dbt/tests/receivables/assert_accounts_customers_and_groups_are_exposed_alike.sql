-- In reporting currency, the sum of every term over the accounts is the sum over the
-- customers and over the groups: nothing is counted twice and nothing is left out.
with levels as (
    select
        level,
        {%- for term in exposure_terms() + ['exposure'] %}
        sum(coalesce({{ term }}_reporting, 0)) as {{ term }},
        {%- endfor %}
        bool_or(is_rate_missing) as is_rate_missing
    from {{ ref('credit_exposure') }}
    group by level
)

select
    min(exposure) as least_exposure,
    max(exposure) as most_exposure
from levels
having not bool_or(is_rate_missing)
    and (
        count(*) not in (0, 3)
        {%- for term in exposure_terms() + ['exposure'] %}
        or min({{ term }}) <> max({{ term }})
        {%- endfor %}
    )
