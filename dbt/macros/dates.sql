{#- Whole days from one date to a later one; negative the other way round. -#}
{% macro days_between(from_date, to_date) -%}
    cast(date_diff('day', {{ from_date }}, {{ to_date }}) as integer)
{%- endmacro %}

{#- Calendar months from the month of one date to that of a later one. -#}
{% macro months_between(from_date, to_date) -%}
    cast(
        (extract('year' from {{ to_date }}) - extract('year' from {{ from_date }})) * 12
        + extract('month' from {{ to_date }}) - extract('month' from {{ from_date }})
        as integer
    )
{%- endmacro %}

{% macro add_days(date, days) -%}
    cast({{ date }} + cast({{ days }} as integer) as date)
{%- endmacro %}

{#- The same day of a later month, or its last day where the month is shorter. -#}
{% macro add_months(date, months) -%}
    cast(
        {{ date }} + to_months(cast({{ months }} as integer)) as date
    )
{%- endmacro %}

{% macro month_end(date) -%}
    cast(last_day({{ date }}) as date)
{%- endmacro %}

{% macro month_start(date) -%}
    cast(date_trunc('month', {{ date }}) as date)
{%- endmacro %}

{#- The first and the last day there is, for open ends of a period. -#}
{% macro first_day_ever() -%}
    date '0001-01-01'
{%- endmacro %}

{% macro last_day_ever() -%}
    date '9999-12-31'
{%- endmacro %}

{#- The due date that payment terms give; null where they give none. A fixed day is
    that day of the month after the document's, or the last day of a shorter month. -#}
{% macro due_by_terms(document_date, basis, days) -%}
    case {{ basis }}
        when 'document_date' then {{ add_days(document_date, days) }}
        when 'end_of_month' then {{ add_days(month_end(document_date), days) }}
        when 'end_of_next_month'
            then {{ add_days(month_end(add_months(document_date, 1)), days) }}
        when 'fixed_day' then least(
            {{ add_days(month_end(document_date), days) }},
            {{ month_end(add_months(document_date, 1)) }}
        )
    end
{%- endmacro %}

{#- Rows `month_end`: the last day of every month from that of one date on, up to and
    with another date; none where a date is null. -#}
{% macro month_ends(from_date, until_date, relation) -%}
    select month_end
    from (
        select unnest(list_transform(
            generate_series(
                date_trunc('month', {{ from_date }}), {{ until_date }}, interval 1 month
            ),
            lambda month_start: {{ month_end('month_start') }}
        )) as month_end, {{ until_date }} as until_date
        from {{ relation }}
    ) as months
    where month_end <= until_date
{%- endmacro %}
