-- By customer, group, territory and salesperson a fiscal year has the same sales, as
-- long as each of them is known, and the same number of sales that are not.
with views as (
    select
        fiscal_year,
        'customer' as dimension,
        ytd,
        prior_ytd,
        prior_full_year,
        unknown_documents
    from {{ ref('top_customers') }}
    union all
    select
        fiscal_year,
        dimension,
        ytd,
        prior_ytd,
        prior_full_year,
        unknown_documents
    from {{ ref('sales_by_dimension') }}
),

totals as (
    select
        fiscal_year,
        dimension,
        {{ known_sum('ytd') }} as ytd,
        {{ known_sum('prior_ytd') }} as prior_ytd,
        {{ known_sum('prior_full_year') }} as prior_full_year,
        sum(unknown_documents) as unknown_documents
    from views
    group by fiscal_year, dimension
)

select fiscal_year
from totals
group by fiscal_year
having count(*) <> 4
    or min(ytd) <> max(ytd)
    or min(prior_ytd) <> max(prior_ytd)
    or min(prior_full_year) <> max(prior_full_year)
    or min(unknown_documents) <> max(unknown_documents)
    or count(ytd) not in (0, 4)
    or count(prior_ytd) not in (0, 4)
    or count(prior_full_year) not in (0, 4)
