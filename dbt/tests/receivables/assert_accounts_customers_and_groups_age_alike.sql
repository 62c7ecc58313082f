-- The sum over the accounts is the sum over the customers and over the groups, for
-- every figure in every currency: nobody is counted twice and nobody is left out.
-- Reporting amounts are compared where no rate is missing: a sum without one is null,
-- not less.
{%- set figures = ['outstanding'] + ageing_buckets() + ['overdue', 'disputed'] %}
with levels as (
    {%- for level in ['ar_ageing', 'ar_ageing_by_customer', 'ar_ageing_by_group'] %}
    select
        '{{ level }}' as level,
        currency,
        {%- for figure in figures %}
        sum({{ figure }}) as {{ figure }},
        sum({{ figure }}_reporting) as {{ figure }}_reporting,
        {%- endfor %}
        bool_or(is_rate_missing) as is_rate_missing,
        sum(open_items) as open_items
    from {{ ref(level) }}
    group by currency
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    currency,
    min(outstanding) as least_outstanding,
    max(outstanding) as most_outstanding
from levels
group by currency
having count(*) <> 3
    or min(open_items) <> max(open_items)
    or bool_or(is_rate_missing) <> bool_and(is_rate_missing)
    {%- for figure in figures %}
    or min({{ figure }}) <> max({{ figure }})
    or (
        not bool_or(is_rate_missing)
        and min({{ figure }}_reporting) <> max({{ figure }}_reporting)
    )
    {%- endfor %}
