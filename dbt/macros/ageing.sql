{#- The fixed buckets of the ageing marts: edges at 0/1, 30/31, 60/61, 90/91 days. -#}
{% macro ageing_bucket(days) -%}
    case
        when {{ days }} <= 0 then 'not_due'
        when {{ days }} <= 30 then 'd1_30'
        when {{ days }} <= 60 then 'd31_60'
        when {{ days }} <= 90 then 'd61_90'
        else 'd90_plus'
    end
{%- endmacro %}

{% macro ageing_buckets() -%}
    {{ return([
        'not_due', 'd1_30', 'd31_60', 'd61_90', 'd90_plus', 'unallocated_credit'
    ]) }}
{%- endmacro %}

{#- A sum of all rows, or null: never the sum of those rows alone that have a value. -#}
{% macro sum_whole(expression) -%}
    case
        when count({{ expression }}) = count(*)
            then {{ money('sum(' ~ expression ~ ')') }}
    end
{%- endmacro %}

{#- A sum of base amounts: null where the rows are of ledgers with different ones. -#}
{% macro sum_base(expression, currency='base_currency') -%}
    case
        when min({{ currency }}) = max({{ currency }})
            then {{ money('sum(' ~ expression ~ ')') }}
    end
{%- endmacro %}

{#- Outstanding, buckets, overdue and disputed of open items, in three currencies. -#}
{% macro ageing_of_items() -%}
    {%- for suffix, add_up in [
        ('', sum_whole), ('_base', sum_base), ('_reporting', sum_whole)
    ] %}
    {{ add_up('residual' ~ suffix) }} as outstanding{{ suffix }},
    {%- for bucket in ageing_buckets() %}
    {{ add_up(
        "case when bucket = '" ~ bucket ~ "' then residual" ~ suffix ~ " else 0 end"
    ) }}
        as {{ bucket }}{{ suffix }},
    {%- endfor %}
    {{ add_up('overdue' ~ suffix) }} as overdue{{ suffix }},
    {{ add_up('disputed' ~ suffix) }} as disputed{{ suffix }},
    {%- endfor %}
{%- endmacro %}

{#- The same figures, summed from rows that have them already. -#}
{% macro ageing_of_rows() -%}
    {%- for suffix, add_up in [
        ('', sum_whole), ('_base', sum_base), ('_reporting', sum_whole)
    ] %}
    {%- for figure in ['outstanding'] + ageing_buckets() + ['overdue', 'disputed'] %}
    {{ add_up(figure ~ suffix) }} as {{ figure }}{{ suffix }},
    {%- endfor %}
    {%- endfor %}
{%- endmacro %}

{#- The names of these figures, in the order of the marts. -#}
{% macro ageing_columns(relation) -%}
    {%- for suffix in ['', '_base', '_reporting'] %}
    {%- for figure in ['outstanding'] + ageing_buckets() + ['overdue', 'disputed'] %}
    {{ relation }}.{{ figure }}{{ suffix }},
    {%- endfor %}
    {%- endfor %}
{%- endmacro %}

{#- Whether a document of that type moves money, in or out. -#}
{% macro is_money(document_type) -%}
    {{ document_type }} in ('receipt', 'refund', 'payment_return')
{%- endmacro %}

{#- Whether an open item is a credit: a difference of rates alone stays where its document
    stood. -#}
{% macro is_credit_item(item) -%}
    case
        when {{ item }}.residual <> 0 then {{ item }}.residual < 0
        when {{ item }}.effect <> 0 then {{ item }}.effect < 0
        else {{ item }}.residual_base < 0
    end
{%- endmacro %}

{#- Whether a document, or a posting of rates alone, stands where credits stand. -#}
{% macro is_credit_side(document) -%}
    case
        when {{ document }}.effect <> 0 then {{ document }}.effect < 0
        else {{ document }}.effect_base < 0
    end
{%- endmacro %}

{#- The date that an open item is aged from. -#}
{% macro basis_date(basis, item) -%}
    case {{ basis }}
        when 'due_date' then {{ item }}.due_date
        when 'document_date' then {{ item }}.document_date
        when 'posting_date' then {{ item }}.posting_date
    end
{%- endmacro %}

{#- The columns of an account's ageing, in the order of the marts. -#}
{% macro account_ageing_columns() %}
    source,
    account_key,
    account_code,
    account_name,
    entity_key,
    customer_id,
    group_id,
    currency,
    base_currency,
    reporting_currency,
    {%- for suffix in ['', '_base', '_reporting'] %}
    {%- for figure in ['outstanding'] + ageing_buckets() + ['overdue', 'disputed'] %}
    {{ figure }}{{ suffix }},
    {%- endfor %}
    {%- endfor %}
    oldest_days,
    open_items,
    last_payment_date,
    last_payment_amount,
    ageing_basis,
    ageing_credits,
    is_live_balance,
    live_balance_date,
    is_reconciled,
    is_rate_missing,
    as_of_date,
    is_forced
{%- endmacro %}

{#- An amount in days of what was invoiced over a window; null where nothing was. -#}
{% macro days_of(amount, invoiced, window_days) -%}
    {{ hundredths(
        in_ten_thousandths(amount) ~ ' * ' ~ window_days, in_ten_thousandths(invoiced)
    ) }}
{%- endmacro %}

{#- A share in percent; null where the whole is less than a cent. -#}
{% macro percent_of(part, whole) -%}
    {{ hundredths(
        in_ten_thousandths(part) ~ ' * 100',
        in_ten_thousandths('case when (' ~ whole ~ ') >= 0.01 then (' ~ whole ~ ') end')
    ) }}
{%- endmacro %}

{#- A mean of whole days; null where there is nothing to take it of. -#}
{% macro mean_of(days, count) -%}
    cast({{ hundredths('cast(' ~ days ~ ' as bigint)', '(' ~ count ~ ')') }}
        as decimal(9, 2))
{%- endmacro %}
