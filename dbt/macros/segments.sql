{#- The bands that hold for a measure which no steward bands: the least figure of each
    score. Days since the last purchase; days with a purchase; mean value of a purchase. -#}
{% macro segment_bands() -%}
    {{ return({
        'recency': {5: 0, 4: 31, 3: 91, 2: 181, 1: 366},
        'frequency': {1: 1, 2: 2, 3: 3, 4: 6, 5: 12},
        'value': {1: 0, 2: 100, 3: 500, 4: 2500, 5: 10000},
    }) }}
{%- endmacro %}

{#- The segments where no steward names them, in the order in which they are asked for:
    the lowest and highest score of recency, frequency and value, none where any does. -#}
{% macro segment_rules() -%}
    {{ return([
        ('champion', {'recency_from': 4, 'frequency_from': 4, 'value_from': 4}),
        ('loyal', {'recency_from': 3, 'frequency_from': 4}),
        ('big_spender', {'recency_from': 3, 'value_from': 4}),
        ('new', {'recency_from': 4, 'frequency_to': 1}),
        ('regular', {'recency_from': 3}),
        ('at_risk', {'recency_from': 2, 'frequency_from': 4}),
        ('at_risk', {'recency_from': 2, 'value_from': 4}),
        ('lapsing', {'recency_from': 2}),
        ('lost', {}),
    ]) }}
{%- endmacro %}

{#- The ends of the ranges of scores that a rule may name. -#}
{% macro segment_ranges() -%}
    {{ return([
        'recency_from', 'recency_to', 'frequency_from', 'frequency_to', 'value_from',
        'value_to',
    ]) }}
{%- endmacro %}

{#- Whether a score lies within the range that a rule names for it. A score that is not
    known lies in no range that is named. -#}
{% macro within_scores(score, rule, measure) -%}
    ({{ rule }}.{{ measure }}_from is null or {{ score }} >= {{ rule }}.{{ measure }}_from)
    and ({{ rule }}.{{ measure }}_to is null or {{ score }} <= {{ rule }}.{{ measure }}_to)
{%- endmacro %}
