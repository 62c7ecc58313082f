-- Grain: one row per attribution model, part of a sale and campaign it is put down to.
-- An invoice is one part; a credit note has one for each invoice it is set against,
-- which goes where that invoice goes, and one with its rest, which stands for itself.
-- direct: the campaign that the document names. first_touch, last_touch, even: of the
-- campaigns which the customer answered up to so many days before the sale the first,
-- the last, all in equal shares, each once. Equal days are told apart by the key.
-- Amounts: reporting currency; the shares of a part add up to it.
{%- set amounts = ['net_reporting', 'margin_reporting', 'costed_net_reporting'] %}

with run_context as (
    select attribution_days from {{ ref('stg_run_context') }}
),

sales as (
    select * from {{ ref('int_sales_documents') }}
),

named as (
    select * from {{ ref('int_document_references') }}
    where campaign_key is not null
),

responses as (
    select distinct
        campaign_key,
        customer_id,
        responded_on
    from {{ ref('int_campaign_responses') }}
    where customer_id is not null
        and responded_on is not null
),

parts as (
    select
        sale_key,
        sale_key as origin_key,
        sale_type,
        customer_id,
        sale_date,
        {{ amounts | join(',\n        ') }}
    from sales
    where sale_type <> 'credit_note'
    union all
    select
        credits.sale_key,
        credits.origin_key,
        'credit_note' as sale_type,
        origins.customer_id,
        origins.sale_date,
        {%- for amount in amounts %}
        credits.{{ amount }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_credit_note_parts') }} as credits
    inner join sales as origins on credits.origin_key = origins.sale_key
),

touched as (
    select
        parts.sale_key,
        parts.origin_key,
        responses.campaign_key,
        min(responses.responded_on) as first_on,
        max(responses.responded_on) as last_on
    from parts
    cross join run_context
    inner join responses
        on parts.customer_id = responses.customer_id
            and parts.sale_date >= responses.responded_on
            and {{ days_between('responses.responded_on', 'parts.sale_date') }}
            <= run_context.attribution_days
    group by parts.sale_key, parts.origin_key, responses.campaign_key
),

placed as (
    select
        *,
        row_number() over (
            partition by sale_key, origin_key
            order by first_on, campaign_key
        ) as first_place,
        row_number() over (
            partition by sale_key, origin_key
            order by last_on desc, campaign_key asc
        ) as last_place,
        row_number() over (
            partition by sale_key, origin_key
            order by campaign_key
        ) as even_place,
        count(*) over (partition by sale_key, origin_key) as campaigns
    from touched
),

-- The share goes from share_from to share_to of share_of, so that all are the whole.
shares as (
    select
        'direct' as attribution_model,
        parts.sale_key,
        parts.origin_key,
        coalesce(own.campaign_key, origins.campaign_key) as campaign_key,
        0 as share_from,
        1 as share_to,
        1 as share_of
    from parts
    left join named as own on parts.sale_key = own.document_key
    left join named as origins on parts.origin_key = origins.document_key
    where coalesce(own.campaign_key, origins.campaign_key) is not null
    {%- for model, place in [
        ('first_touch', 'first_place'), ('last_touch', 'last_place'),
    ] %}
    union all
    select
        '{{ model }}' as attribution_model,
        sale_key,
        origin_key,
        campaign_key,
        0 as share_from,
        1 as share_to,
        1 as share_of
    from placed
    where {{ place }} = 1
    {%- endfor %}
    union all
    select
        'even' as attribution_model,
        sale_key,
        origin_key,
        campaign_key,
        even_place - 1 as share_from,
        even_place as share_to,
        campaigns as share_of
    from placed
)

select
    shares.attribution_model,
    shares.sale_key,
    shares.origin_key,
    shares.campaign_key,
    parts.sale_type,
    {%- for amount in amounts %}
    case
        when shares.share_of = 1 then parts.{{ amount }}
        else {{ money(
            prorated('parts.' ~ amount, 'shares.share_to', 'shares.share_of') ~ ' - '
            ~ prorated('parts.' ~ amount, 'shares.share_from', 'shares.share_of')
        ) }}
    end as {{ amount }}{{ ',' if not loop.last }}
    {%- endfor %}
from shares
inner join parts
    on shares.sale_key = parts.sale_key
        and shares.origin_key = parts.origin_key
