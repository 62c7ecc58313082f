-- Grain: one row per customer that ever purchased anything, at the as-of date.
-- Recency: days since its last purchase. Frequency: days with a purchase. Value: its
-- sales, credit notes taken off, a purchase day, in reporting currency; null where a
-- sale has no rate or no amount.
with customer_sales as (
    select * from {{ ref('int_customer_sales') }}
    where purchase_days > 0
),

run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

bands as (
    select * from {{ ref('int_segment_bands') }}
),

rules as (
    select * from {{ ref('int_segment_rules') }}
),

measured as (
    select
        customer_sales.customer_id,
        customer_sales.first_purchase_date,
        customer_sales.last_purchase_date,
        {{ days_between(
            'customer_sales.last_purchase_date', 'run_context.as_of_date'
        ) }}
            as recency_days,
        customer_sales.purchase_days,
        customer_sales.sales_lifetime,
        {{ money(ratio(
            'customer_sales.sales_lifetime', 'customer_sales.purchase_days'
        )) }} as mean_value
    from customer_sales
    cross join run_context
),

figures as (
    {%- for measure, figure in [
        ('recency', 'recency_days'), ('frequency', 'purchase_days'), ('value', 'mean_value')
    ] %}
    select
        customer_id,
        '{{ measure }}' as measure,
        {{ money(figure) }} as figure
    from measured
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

scores as (
    select
        figures.customer_id,
        max(case when figures.measure = 'recency' then bands.score end)
            as recency_score,
        max(case when figures.measure = 'frequency' then bands.score end)
            as frequency_score,
        max(case when figures.measure = 'value' then bands.score end) as value_score
    from figures
    inner join bands
        on figures.measure = bands.measure
            and figures.figure >= coalesce(bands.at_least, figures.figure)
            and figures.figure < coalesce(bands.below, figures.figure + 1)
    group by figures.customer_id
),

fitting as (
    select
        scores.customer_id,
        rules.segment,
        row_number() over (
            partition by scores.customer_id
            order by rules.place
        ) as choice
    from scores
    inner join rules
        on {{ within_scores('scores.recency_score', 'rules', 'recency') }}
            and {{ within_scores('scores.frequency_score', 'rules', 'frequency') }}
            and {{ within_scores('scores.value_score', 'rules', 'value') }}
),

first_fitting as (
    select
        customer_id,
        segment
    from fitting
    where choice = 1
)

select
    measured.customer_id,
    first_fitting.segment,
    scores.recency_score,
    scores.frequency_score,
    scores.value_score,
    measured.first_purchase_date,
    measured.last_purchase_date,
    measured.recency_days,
    measured.purchase_days,
    measured.sales_lifetime,
    measured.mean_value
from measured
inner join scores on measured.customer_id = scores.customer_id
left join first_fitting
    on measured.customer_id = first_fitting.customer_id
