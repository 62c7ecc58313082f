{% macro calendar_year(date) -%}
    cast(extract(year from {{ date }}) as integer)
{%- endmacro %}

{% macro first_day_of_year(year) -%}
    cast(cast({{ year }} as varchar) || '-01-01' as date)
{%- endmacro %}

{#- The class of a customer by sales: A while the share of those before it is under 80 %,
    B under 95 %, else C. Sales of zero or less are C; unknown sales have no class. -#}
{% macro abc_class(sales, cumulative_before, total) -%}
    case
        when {{ sales }} is null then null
        when {{ sales }} <= 0 then 'C'
        when {{ cumulative_before }} * 100 < {{ total }} * 80 then 'A'
        when {{ cumulative_before }} * 100 < {{ total }} * 95 then 'B'
        else 'C'
    end
{%- endmacro %}

{#- Growth over the year before: null where that was zero or less, or either is unknown. -#}
{% macro growth(sales, prior) -%}
    {{ ratio(
        '(' ~ sales ~ ') - (' ~ prior ~ ')',
        'case when (' ~ prior ~ ') > 0 then (' ~ prior ~ ') end'
    ) }}
{%- endmacro %}

{#- A sum that is null as soon as one of its parts is not known. -#}
{% macro known_sum(expression, condition='true') -%}
    case
        when count(case when {{ condition }} then 1 end)
            = count(case when {{ condition }} then {{ expression }} end)
            then coalesce(sum(case when {{ condition }} then {{ expression }} end), 0)
    end
{%- endmacro %}

{#- An amount that is zero where the left-joined relation has no row, and stays null where
    it has one without a value. -#}
{% macro zero_unless(relation, expression) -%}
    {{ money(
        'case when ' ~ relation ~ '.customer_id is null then 0 else ' ~ expression ~ ' end'
    ) }}
{%- endmacro %}

{#- What the discount of a line takes off, in the currency of its price: zero without a
    discount, null where the price or the net is not stated. -#}
{% macro line_discount(unit_price, discount_pct, quantity, net) -%}
    case
        when coalesce({{ discount_pct }}, 0) = 0 then 0
        else {{ discounted(unit_price, '0', quantity) }} - ({{ net }})
    end
{%- endmacro %}

{#- Days from its date until an invoice was paid in full, by money at least in part; null
    where it is not, or is no invoice. `balance` may have no row. -#}
{% macro days_to_pay(document_type, amount, document_date, balance) -%}
    case
        when {{ document_type }} = 'invoice' and {{ amount }} > 0 and {{ balance }}.paid > 0
            then {{ days_between(document_date, balance ~ '.settled_on') }}
    end
{%- endmacro %}

{#- The net of what is left of a line of int_order_lines when the cancelled part comes off. -#}
{% macro order_line_left() -%}
    order_lines.line_net - case
        when order_lines.qty_cancelled > 0 then {{ prorated(
            'order_lines.line_net',
            'least(order_lines.qty_cancelled, order_lines.qty_ordered)',
            'order_lines.qty_ordered'
        ) }}
        else 0
    end
{%- endmacro %}

{#- What the lines of a sale leave of it by rounding, on the last of them. -#}
{% macro rest_of_lines(amount) -%}
    case
        when summed.is_complete and valued.line_key = summed.last_line_key
            then valued.sale_{{ amount }} - summed.{{ amount }}
        else 0
    end
{%- endmacro %}

{#- The sums over int_sales_years within a group, in reporting currency, and in base
    currency those that are named. -#}
{% macro sums_of_sales_years(base_amounts=[]) -%}
    {%- for amount in base_amounts + [
        'ytd_reporting', 'prior_ytd_reporting', 'prior_full_year_reporting'
    ] %}
    {{ money(known_sum(amount)) }} as {{ amount }},
    {%- endfor %}
    {%- for amount in ['margin_ytd_reporting', 'costed_sales_ytd_reporting'] %}
    case
        when sum(costed_documents) > 0
            then {{ money(known_sum(amount, 'costed_documents > 0')) }}
    end as {{ amount }},
    {%- endfor %}
    cast(sum(costed_documents) as integer) as costed_documents,
    cast(sum(documents) as integer) as documents,
    cast(sum(unknown_documents) as integer) as unknown_documents
{%- endmacro %}

{#- The select of a relation's rows with their place by `ytd`, what they add to the base of
    the shares and how much of it is reached with them, within the columns of a ranking.
    Sales of zero or less add nothing; unknown ones rank last; ties break by the member. -#}
{% macro ranked_sales(relation, within, member) -%}
    select
        *,
        cast(sum(counted) over (partition by {{ within }}) as decimal(24, 4)) as total,
        cast(sum(counted) over (
            partition by {{ within }}
            order by sales_rank
            rows between unbounded preceding and current row
        ) as decimal(24, 4)) as cumulative
    from (
        select
            *,
            row_number() over (
                partition by {{ within }} order by ytd desc nulls last, {{ member }} asc
            ) as sales_rank,
            greatest(coalesce(ytd, 0), 0) as counted
        from {{ relation }}
    ) as ranked
{%- endmacro %}

{#- What such a row says of its place among the others. -#}
{% macro places_of_sales(ranked) -%}
    {{ growth(ranked ~ '.ytd', ranked ~ '.prior_ytd') }} as growth,
    cast({{ ranked }}.sales_rank as integer) as rank,
    {{ ratio(
        'case when ' ~ ranked ~ '.ytd is not null then ' ~ ranked ~ '.counted end',
        ranked ~ '.total'
    ) }} as share,
    {{ ratio(
        'case when ' ~ ranked ~ '.ytd is not null then ' ~ ranked ~ '.cumulative end',
        ranked ~ '.total'
    ) }} as cumulative_share,
    {{ abc_class(
        ranked ~ '.ytd',
        '(' ~ ranked ~ '.cumulative - ' ~ ranked ~ '.counted)',
        ranked ~ '.total'
    ) }} as abc
{%- endmacro %}
