-- Grain: one row per customer, item group and month in which anything of the group was
-- invoiced or credited, and always one for the month of the as-of date.
-- Amounts: net less credit notes, in reporting currency, and in base currency (`_base`)
-- where all ledgers of the row keep one; null where a sale has no rate or no amount.
with sales as (
    select * from {{ ref('int_item_group_sales') }}
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

bought as (
    select
        customer_id,
        item_group,
        {{ month_start('sale_date') }} as month,
        sum(quantity) as quantity,
        case when min(uom) = max(uom) and count(*) = count(uom) then min(uom)
        end as uom,
        {{ known_sum('net_reporting') }} as value_reporting,
        {{ known_sum('net_base') }} as value_base,
        case when min(base_currency) = max(base_currency) then min(base_currency)
        end as base_currency,
        count(case when is_purchase then 1 end) as orders,
        count(distinct case when is_purchase then sale_date end) as purchase_days,
        count(case when net_reporting is null then 1 end) as unknown_sales
    from sales
    group by customer_id, item_group, {{ month_start('sale_date') }}
),

quiet as (
    select distinct
        bought.customer_id,
        bought.item_group,
        {{ month_start('run_context.as_of_date') }} as month
    from bought
    cross join run_context
),

all_months as (
    select
        customer_id,
        item_group,
        month
    from bought
    union
    select
        customer_id,
        item_group,
        month
    from quiet
)

select
    all_months.customer_id,
    all_months.item_group,
    all_months.month,
    {{ qty('coalesce(bought.quantity, 0)') }} as quantity,
    bought.uom,
    {{ zero_unless('bought', 'bought.value_reporting') }} as value_reporting,
    case when bought.base_currency is not null then {{ money('bought.value_base') }}
    end as value_base,
    bought.base_currency,
    cast(coalesce(bought.orders, 0) as integer) as orders,
    cast(coalesce(bought.purchase_days, 0) as integer) as purchase_days,
    cast(coalesce(bought.unknown_sales, 0) as integer) as unknown_sales
from all_months
left join bought
    on all_months.customer_id = bought.customer_id
        and all_months.item_group = bought.item_group
        and all_months.month = bought.month
