-- Grain: one row per fiscal year, dimension and member of it with sales in that year or
-- in the year before. Dimensions: group (of the customer), territory (of the ordering
-- account), salesperson (of the sale, else of the account).
-- Territories and salespeople are told apart by the name their list gives them, else by
-- their code: one person may have a code in each ledger. The member is the code where
-- the name has one, and no other name has it; else the name.
-- Amounts: reporting currency. Every dimension adds up to the same sales of a year.
{%- set dimensions = {
    'group': ['group_id', 'group_id', 'group_name'],
    'territory': ['territory', 'territory_code', 'territory'],
    'salesperson': ['salesperson', 'salesperson_code', 'salesperson'],
} %}

with sales_years as (
    select * from {{ ref('int_sales_years') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

customers as (
    select * from {{ ref('int_customers') }}
),

list_values as (
    select
        source,
        list_name,
        code,
        label
    from {{ ref('stg_erp_list_value') }}
    where list_name in ('territory', 'salesperson')
),

fiscal_years as (
    select * from {{ ref('int_fiscal_years') }}
),

run_context as (
    select
        as_of_date,
        is_forced,
        reporting_currency
    from {{ ref('stg_run_context') }}
),

-- A code stands at most once in a list.
told as (
    select
        sales_years.*,
        fiscal_years.ytd_end,
        customers.group_id,
        customers.group_name,
        accounts.territory as territory_code,
        {{ text_or_null('coalesce(territories.label, accounts.territory)') }}
            as territory,
        {{ text_or_null('coalesce(salespeople.label, sales_years.salesperson_code)') }}
            as salesperson
    from sales_years
    inner join fiscal_years
        on sales_years.entity_key = fiscal_years.entity_key
            and sales_years.fiscal_year = fiscal_years.fiscal_year
    inner join customers on sales_years.customer_id = customers.customer_id
    inner join accounts on sales_years.ordering_account_key = accounts.account_key
    left join list_values as territories
        on accounts.source = territories.source
            and accounts.territory = territories.code
            and territories.list_name = 'territory'
    left join list_values as salespeople
        on accounts.source = salespeople.source
            and sales_years.salesperson_code = salespeople.code
            and salespeople.list_name = 'salesperson'
),

viewed as (
    {%- for dimension, (told_by, code, name) in dimensions.items() %}
    select
        told.*,
        '{{ dimension }}' as dimension,
        coalesce(told.{{ told_by }}, '(none)') as told_by,
        coalesce(told.{{ code }}, '(none)') as code,
        coalesce(told.{{ name }}, '(none)') as member_name
    from told
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

texts as (
    select
        dimension,
        code as text,
        told_by
    from viewed
    union
    select
        dimension,
        told_by as text,
        told_by
    from viewed
),

own_texts as (
    select
        dimension,
        text
    from texts
    group by dimension, text
    having count(*) = 1
),

codes as (
    select
        dimension,
        told_by,
        min(code) as code
    from viewed
    group by dimension, told_by
    having min(code) = max(code)
),

members as (
    select
        codes.dimension,
        codes.told_by,
        codes.code as member
    from codes
    inner join own_texts
        on codes.dimension = own_texts.dimension
            and codes.code = own_texts.text
),

summed as (
    select
        viewed.fiscal_year,
        viewed.dimension,
        coalesce(members.member, viewed.told_by) as member,
        max(viewed.member_name) as member_name,
        max(viewed.ytd_end) as ytd_through,
        count(distinct case when viewed.documents > 0 then viewed.customer_id end)
            as customers,
        {{ sums_of_sales_years() }}
    from viewed
    left join members
        on viewed.dimension = members.dimension
            and viewed.told_by = members.told_by
    group by
        viewed.fiscal_year,
        viewed.dimension,
        coalesce(members.member, viewed.told_by)
),

named as (
    select
        *,
        ytd_reporting as ytd,
        prior_ytd_reporting as prior_ytd
    from summed
),

ranked as (
    {{ ranked_sales('named', 'fiscal_year, dimension', 'member') }}
)

select
    ranked.fiscal_year,
    ranked.dimension,
    ranked.member,
    ranked.member_name,
    cast(ranked.customers as integer) as customers,
    ranked.ytd_through,
    ranked.ytd,
    ranked.prior_ytd,
    ranked.prior_full_year_reporting as prior_full_year,
    {{ places_of_sales('ranked') }},
    ranked.margin_ytd_reporting as margin_ytd,
    ranked.costed_sales_ytd_reporting as costed_sales_ytd,
    run_context.reporting_currency,
    ranked.unknown_documents,
    run_context.as_of_date,
    run_context.is_forced
from ranked
cross join run_context
