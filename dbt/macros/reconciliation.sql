{#- Why a document could explain a difference from the general ledger, in the order of
    how often it is the cause. -#}
{% macro reconciliation_reasons() -%}
    {{ return([
        'refused_row', 'dated_before_posted_after', 'draft', 'voided_near',
        'posted_near', 'no_control_account', 'other_control_account',
        'rate_difference_unposted', 'allocated_near', 'wrong_side', 'same_amount',
    ]) }}
{%- endmacro %}

{% macro reconciliation_rank(why) -%}
    case {{ why }}
        {%- for reason in reconciliation_reasons() %}
        when '{{ reason }}' then {{ loop.index }}
        {%- endfor %}
    end
{%- endmacro %}
