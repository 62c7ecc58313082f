{#- When two records are taken for one organisation: the rules of the soft tiers, which
    stand on scored pairs (stg_match_pair). How precise they are: docs/matching.md. -#}

{#- Probability from which the score alone may link, where the name is supported. -#}
{% macro link_probability() -%}
    cast(0.999 as decimal(9, 8))
{%- endmacro %}

{#- Probability from which a person is asked. -#}
{% macro review_probability() -%}
    cast(0.2 as decimal(9, 8))
{%- endmacro %}

{#- By how many bits of evidence one company must lead to be taken over another; less is
    a tie. Three bits: eight times as likely. -#}
{% macro tie_margin() -%}
    cast(3 as decimal(9, 4))
{%- endmacro %}

{#- How many candidates of one account a person is shown. -#}
{% macro review_candidates() -%}
    5
{%- endmacro %}

{#- The fields that are compared, and how they are called. -#}
{% macro match_fields() -%}
    {{ return({
        'name': 'name', 'number': 'VAT or register number', 'domain': 'domain',
        'email': 'e-mail', 'phone': 'phone', 'postcode': 'postcode',
        'street': 'street',
    }) }}
{%- endmacro %}

{#- The kind of evidence a pair has, the strongest that applies; null where there is none
    that could link. A name that is only alike links nothing: sisters of one group are
    alike, share a domain, and often a house. `number` stands only for a verified number
    on two names that differ (several legal persons may share a VAT number). -#}
{% macro match_kind(pair) -%}
    case
        when {{ pair }}.number_level = 'same' and {{ pair }}.name_level = 'different'
            then 'number'
        when {{ pair }}.domain_level = 'same'
            and {{ is_name_near(pair) }} then 'domain'
        when {{ pair }}.phone_level = 'same'
            and {{ is_name_near(pair) }} then 'phone_name'
        when {{ pair }}.postcode_level = 'same'
            and {{ is_name_near(pair) }} then 'postcode_name'
        when {{ pair }}.match_probability >= {{ link_probability() }}
            and {{ is_name_near(pair) }}
            and (
                {{ pair }}.email_level = 'same'
                or {{ pair }}.street_level in ('same', 'close')
            )
            then 'score'
    end
{%- endmacro %}

{#- What speaks so clearly against a pair that only a person may link it; null = nothing.
    A different number is another legal person. A name in a postcode is the weakest
    evidence that links, so another street, domain or phone there speaks against it. -#}
{% macro match_contradiction(pair, kind) -%}
    case
        when {{ kind }} = 'number' then 'names differ'
        when {{ pair }}.number_level = 'different'
            then 'VAT or register numbers differ'
        when {{ kind }} = 'postcode_name' and {{ pair }}.street_level = 'different'
            then 'streets differ'
        when {{ kind }} = 'postcode_name' and {{ pair }}.domain_level = 'different'
            then 'domains differ'
        when {{ kind }} = 'postcode_name' and {{ pair }}.phone_level = 'different'
            and {{ pair }}.street_level = 'unknown'
            then 'phones differ, and a street is not known'
    end
{%- endmacro %}

{% macro is_name_near(pair) -%}
    {{ pair }}.name_level in ('same', 'close')
{%- endmacro %}

{#- The tier of a kind of evidence: the smaller, the stronger. -#}
{% macro match_tier_rank(kind) -%}
    case {{ kind }}
        when 'domain' then 5
        when 'phone_name' then 6
        when 'postcode_name' then 6
        when 'score' then 7
    end
{%- endmacro %}

{#- What a kind of evidence is, in words. -#}
{% macro match_kind_text(kind) -%}
    case {{ kind }}
        when 'number' then 'same VAT or register number'
        when 'domain' then 'same domain of their own'
        when 'phone_name' then 'same phone and name'
        when 'postcode_name' then 'same postcode and name'
        when 'score' then 'several fields agree'
    end
{%- endmacro %}

{#- How every field compares, with its weight in bits; fields one side lacks are left
    out. -#}
{% macro compared_text(pair) -%}
    concat_ws(
        ', ',
        {%- for field, called in match_fields().items() %}
        case {{ pair }}.{{ field }}_level
            when 'same' then 'same {{ called }}'
            when 'close' then 'nearly the same {{ called }}'
            when 'alike' then 'similar {{ called }}'
            when 'same_city' then 'same town'
            when 'different' then 'another {{ called }}'
        end || ' ' || {{ weight_text(pair ~ '.' ~ field ~ '_weight') }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{#- A weight as people read it: one decimal place, signed. -#}
{% macro weight_text(weight) -%}
    case when {{ weight }} >= 0 then '+' else '' end
    || cast(cast({{ weight }} as decimal(9, 1)) as varchar)
{%- endmacro %}
