-- Grain: one row per held account or customer with orders that its hold stops: not
-- those that its rules exclude, and no drafts, which are no orders yet.
-- Amounts, with tax: currency of the subject. Lines without a price are worth nothing
-- here.
with orders as (
    select * from {{ ref('int_orders') }}
    where not is_draft
),

holds as (
    select * from {{ ref('int_subject_holds') }}
),

subject_accounts as (
    select * from {{ ref('int_subject_accounts') }}
    where level in ('account', 'customer')
),

subjects as (
    select * from {{ ref('int_credit_subjects') }}
),

fx_as_of as (
    select * from {{ ref('int_fx_as_of') }}
),

-- A pair of currencies has at most one rate at the as-of date.
valued as (
    select
        subjects.level,
        subjects.id,
        orders.order_key,
        orders.order_no,
        orders.order_date,
        {{ compared('orders', 'open_order_value', 'subjects', 'to_compare') }} as value,
        {{ convert('orders.open_order_value_base', 'to_reporting.rate') }}
            as value_reporting
    from orders
    inner join subject_accounts
        on orders.bill_to_account_key = subject_accounts.account_key
    inner join subjects
        on subject_accounts.level = subjects.level
            and subject_accounts.id = subjects.id
    inner join holds
        on subjects.level = holds.level
            and subjects.id = holds.id
            and {{ hold_stops('holds', 'orders', 'orders') }}
    left join fx_as_of as to_compare
        on orders.base_currency = to_compare.from_currency
            and subjects.currency = to_compare.to_currency
    left join fx_as_of as to_reporting
        on orders.base_currency = to_reporting.from_currency
            and subjects.reporting_currency = to_reporting.to_currency
)

select
    level,
    id,
    cast(count(*) as integer) as stopped_orders,
    {{ joined_text('order_no', 'order_date, order_key') }} as stopped_order_numbers,
    {{ sum_whole('value') }} as stopped_value,
    {{ sum_whole('value_reporting') }} as stopped_value_reporting
from valued
group by level, id
