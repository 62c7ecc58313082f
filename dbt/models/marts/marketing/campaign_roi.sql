-- Grain: one row per campaign and attribution model, at the as-of date.
-- Amounts: reporting currency; `_with_children` adds up the campaign and all its parts.
-- Cost, members, responses and opportunities do not depend on the model: they stand in
-- each of its rows.
{%- set amounts = ['invoiced', 'credited', 'margin', 'margin_net'] %}

with campaigns as (
    select * from {{ ref('int_campaigns') }}
),

tree as (
    select * from {{ ref('int_campaign_tree') }}
),

documents as (
    select
        document_key,
        order_key
    from {{ ref('int_documents') }}
    where order_key is not null
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

attributed as (
    select
        sales.attribution_model,
        sales.campaign_key,
        count(
            distinct case when sales.sale_type <> 'credit_note' then sales.sale_key end
        ) as sales,
        count(distinct case
            when sales.sale_type = 'order' then sales.sale_key
            when sales.sale_type = 'invoice' then documents.order_key
        end) as orders,
        {{ known_sum('sales.net_reporting', "sales.sale_type <> 'credit_note'") }}
            as invoiced,
        {{ known_sum('sales.net_reporting', "sales.sale_type = 'credit_note'") }}
            as credited,
        -- The margin of a sale without a rate is not known, nor whether it has one.
        {%- for amount, column in [
            ('margin', 'margin_reporting'), ('margin_net', 'costed_net_reporting'),
        ] %}
        case when count(*) = count(sales.net_reporting)
            then sum(sales.{{ column }})
        end as {{ amount }}{{ ',' if not loop.last }}
        {%- endfor %},
        bool_or(stated.is_rate_missing) as is_rate_missing
    from {{ ref('int_attributed_sales') }} as sales
    inner join {{ ref('int_sales_documents') }} as stated
        on sales.sale_key = stated.sale_key
    left join documents on sales.sale_key = documents.document_key
    group by sales.attribution_model, sales.campaign_key
),

models (attribution_model) as (
    values ('direct'), ('first_touch'), ('last_touch'), ('even')
),

own as (
    select
        campaigns.*,
        models.attribution_model,
        coalesce(attributed.sales, 0) as sales,
        coalesce(attributed.orders, 0) as orders,
        {%- for amount in ['invoiced', 'credited'] %}
        case when attributed.campaign_key is null then 0 else attributed.{{ amount }}
        end as {{ amount }},
        {%- endfor %}
        attributed.margin,
        attributed.margin_net,
        campaigns.cost is not null and campaigns.cost_reporting is null
            as is_cost_unconverted,
        coalesce(attributed.is_rate_missing, false) as is_sale_unconverted
    from campaigns
    cross join models
    left join attributed
        on campaigns.campaign_key = attributed.campaign_key
            and models.attribution_model = attributed.attribution_model
),

whole as (
    select
        tree.campaign_key,
        parts.attribution_model,
        count(*) - 1 as campaigns_below,
        {{ known_sum('parts.cost_reporting', 'parts.has_begun') }} as cost,
        sum(parts.responses) as responses,
        sum(parts.opportunities_won) as opportunities_won,
        {{ known_sum('parts.invoiced + parts.credited') }} as revenue,
        case when count(*) = count(parts.invoiced + parts.credited)
            then sum(parts.margin)
        end as margin,
        bool_or(
            parts.is_sale_unconverted
            or (parts.has_begun and parts.is_cost_unconverted)
        ) as is_rate_missing
    from tree
    inner join own as parts on tree.part_key = parts.campaign_key
    group by tree.campaign_key, parts.attribution_model
)

select
    run_context.as_of_date,
    own.campaign_key,
    own.source,
    own.campaign_id,
    own.campaign_name,
    own.campaign_type,
    own.status,
    own.parent_campaign_key,
    own.start_date,
    own.end_date,
    own.has_begun,
    own.attribution_model,
    run_context.attribution_days,
    own.cost,
    own.currency,
    own.cost_basis,
    own.cost_reporting,
    run_context.reporting_currency,
    own.members,
    own.responses,
    own.undated_responses,
    own.responding_customers,
    own.opportunities_won,
    own.won_reporting,
    cast(own.sales as integer) as invoices,
    cast(own.orders as integer) as orders,
    {{ money('own.invoiced') }} as invoiced_reporting,
    {{ money('own.credited') }} as credited_reporting,
    {{ money('own.invoiced + own.credited') }} as revenue_reporting,
    {{ money('own.margin') }} as margin_reporting,
    {{ money('own.margin_net') }} as margin_net_reporting,
    case when own.has_begun
        then {{ growth('own.invoiced + own.credited', 'own.cost_reporting') }}
    end as roi,
    case when own.has_begun
        then {{ growth('own.margin', 'own.cost_reporting') }}
    end as roi_on_margin,
    cast(whole.campaigns_below as integer) as campaigns_below,
    {{ money('whole.cost') }} as cost_with_children_reporting,
    cast(whole.responses as integer) as responses_with_children,
    cast(whole.opportunities_won as integer) as opportunities_won_with_children,
    {{ money('whole.revenue') }} as revenue_with_children_reporting,
    {{ money('whole.margin') }} as margin_with_children_reporting,
    {{ growth('whole.revenue', 'whole.cost') }} as roi_with_children,
    own.is_cost_unconverted
    or own.won_reporting is null
    or whole.is_rate_missing as is_rate_missing,
    own.custom_fields,
    run_context.is_forced
from own
cross join run_context
inner join whole
    on own.campaign_key = whole.campaign_key
        and own.attribution_model = whole.attribution_model
