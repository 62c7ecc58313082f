-- Grain: one row per ERP order line from which something came back. Quantities at the
-- as-of date: from its return lines of any date, else as the order line states.
-- Before it was invoiced came back: of each return, what was shipped and not invoiced
-- on that day and had not come back earlier.
-- returned_value: with tax, of what was returned and names no posted credit note.
with run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

return_days as (
    select
        return_lines.order_line_key,
        return_lines.returned_on,
        return_lines.returned_on <= run_context.as_of_date as is_in_effect,
        sum(return_lines.qty) as qty,
        sum(case when return_lines.is_credited then 0 else return_lines.qty end)
            as qty_uncredited,
        sum(
            case when return_lines.is_credited then 0 else return_lines.return_value end
        ) as value_uncredited
    from {{ ref('int_return_lines') }} as return_lines
    cross join run_context
    where return_lines.order_line_key is not null
    group by
        return_lines.order_line_key,
        return_lines.returned_on,
        return_lines.returned_on <= run_context.as_of_date
),

uninvoiced as (
    select
        return_days.order_line_key,
        return_days.returned_on,
        sum(
            case when events.kind = 'shipped' then 1 else -1 end * events.quantity
        ) as qty
    from return_days
    inner join {{ ref('int_order_line_events') }} as events
        on return_days.order_line_key = events.order_line_key
            and return_days.returned_on >= events.event_date
    where events.is_in_effect
    group by return_days.order_line_key, return_days.returned_on
),

-- At most one sum of events per line and day.
dated as (
    select
        return_days.*,
        uninvoiced.qty as qty_uninvoiced,
        coalesce(
            sum(return_days.qty) over (
                partition by return_days.order_line_key
                order by return_days.returned_on
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as qty_earlier
    from return_days
    left join uninvoiced
        on return_days.order_line_key = uninvoiced.order_line_key
            and return_days.returned_on = uninvoiced.returned_on
),

summed as (
    select
        order_line_key,
        {{ qty('sum(case when is_in_effect then qty else 0 end)') }} as qty_returned,
        {{ qty("""sum(
            case
                when is_in_effect
                    then greatest(
                        least(qty, coalesce(qty_uninvoiced, 0) - qty_earlier), 0
                    )
                else 0
            end
        )""") }} as qty_returned_before_invoice,
        {{ qty('sum(case when is_in_effect then qty_uncredited else 0 end)') }}
            as qty_returned_uncredited,
        {{ money('sum(case when is_in_effect then value_uncredited else 0 end)') }}
            as returned_value
    from dated
    group by order_line_key
),

stated as (
    select
        order_line_key,
        qty_returned
    from {{ ref('stg_erp_sales_order_line') }}
    where qty_returned <> 0
),

movements as (
    select * from {{ ref('int_order_line_movements') }}
),

-- Every line at most once on each side.
known as (
    select
        coalesce(summed.order_line_key, stated.order_line_key) as order_line_key,
        coalesce(summed.qty_returned, stated.qty_returned) as qty_returned,
        summed.qty_returned_before_invoice,
        coalesce(summed.qty_returned_uncredited, stated.qty_returned)
            as qty_returned_uncredited,
        summed.returned_value
    from summed
    full outer join stated on summed.order_line_key = stated.order_line_key
)

select
    known.order_line_key,
    {{ floored('known.qty_returned') }} as qty_returned,
    {{ floored("""case
        when movements.qty_shipped is null or known.qty_returned_before_invoice is null
            then known.qty_returned
        else known.qty_returned_before_invoice
    end""") }} as qty_returned_before_invoice,
    {{ floored('known.qty_returned_uncredited') }} as qty_returned_uncredited,
    known.returned_value
from known
left join movements on known.order_line_key = movements.order_line_key
