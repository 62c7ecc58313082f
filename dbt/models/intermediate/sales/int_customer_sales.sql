-- Grain: one row per customer that ever bought, at the as-of date.
-- Amounts: reporting currency, net of tax and freight, at the document date; null where
-- a sale in them has no rate or amount. This year: of each ledger company its own
-- running fiscal year. Average order: over the ERP orders that are neither drafts nor
-- cancelled.
with sales as (
    select * from {{ ref('int_sales_documents') }}
),

running as (
    select
        customer_id,
        {{ known_sum('ytd_reporting') }} as sales_ytd,
        {{ known_sum('prior_ytd_reporting') }} as sales_prior_ytd,
        {{ known_sum('prior_full_year_reporting') }} as sales_prior_full_year
    from {{ ref('int_sales') }}
    where is_current
    group by customer_id
),

lifetime as (
    select
        customer_id,
        {{ known_sum('net_reporting') }} as sales_lifetime,
        min(case when is_purchase then sale_date end) as first_purchase_date,
        max(case when is_purchase then sale_date end) as last_purchase_date,
        count(distinct case when is_purchase then sale_date end) as purchase_days,
        count(case when net_reporting is null then 1 end) as unknown_sales
    from sales
    group by customer_id
),

orders as (
    select
        account_customer.customer_id,
        count(*) as orders,
        {{ known_sum(convert('orders.net_base', 'rates.rate')) }} as orders_net
    from {{ ref('int_order_sales') }} as orders
    inner join {{ ref('int_account_customer') }} as account_customer
        on orders.ordering_account_key = account_customer.account_key
    cross join {{ ref('stg_run_context') }} as run_context
    left join {{ ref('int_rates_of_days') }} as rates
        on orders.base_currency = rates.from_currency
            and run_context.reporting_currency = rates.to_currency
            and orders.order_date = rates.day
    group by account_customer.customer_id
),

buyers as (
    select customer_id from lifetime
    union
    select customer_id from orders
),

joined as (
    select
        buyers.customer_id,
        case when running.customer_id is null then 0 else running.sales_ytd end as ytd,
        case when running.customer_id is null then 0 else running.sales_prior_ytd end
            as sales_prior_ytd,
        case when running.customer_id is null then 0 else running.sales_prior_full_year
        end as sales_prior_full_year,
        case when lifetime.customer_id is null then 0 else lifetime.sales_lifetime end
            as sales_lifetime,
        lifetime.first_purchase_date,
        lifetime.last_purchase_date,
        coalesce(lifetime.purchase_days, 0) as purchase_days,
        coalesce(lifetime.unknown_sales, 0) as unknown_sales,
        coalesce(orders.orders, 0) as orders,
        orders.orders_net
    from buyers
    left join running on buyers.customer_id = running.customer_id
    left join lifetime on buyers.customer_id = lifetime.customer_id
    left join orders on buyers.customer_id = orders.customer_id
),

ranked as (
    {{ ranked_sales('joined', "'all'", 'customer_id') }}
)

select
    customer_id,
    {{ money('ytd') }} as sales_ytd,
    {{ money('sales_prior_ytd') }} as sales_prior_ytd,
    {{ money('sales_prior_full_year') }} as sales_prior_full_year,
    {{ growth('ytd', 'sales_prior_ytd') }} as sales_growth,
    {{ money('sales_lifetime') }} as sales_lifetime,
    {{ abc_class(
        'ytd', 'cast(cumulative - counted as decimal(24, 4))', 'total'
    ) }} as abc,
    first_purchase_date,
    last_purchase_date,
    cast(purchase_days as integer) as purchase_days,
    cast(orders as integer) as orders,
    {{ money(ratio('orders_net', 'orders')) }} as average_order,
    cast(unknown_sales as integer) as unknown_sales
from ranked
