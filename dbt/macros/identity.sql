{#- The name of a member of a customer in the register of ids. -#}
{% macro member_key(side, record_key) -%}
    '{{ side }}:' || {{ record_key }}
{%- endmacro %}

{#- The id a customer gets from the member that founds it. -#}
{% macro new_customer_id(founder_key) -%}
    'C' || {{ short_hash(founder_key) }}
{%- endmacro %}

{#- The body of a recursive CTE (node, reached): every node that can be reached by
    following `parent` from `node`, any depth. `union` without `all` drops what was seen
    before, so that a circle ends too; a node on a circle reaches itself. -#}
{% macro reached_from(relation, node, parent, itself) -%}
    select
        {{ node }} as node,
        {{ parent }} as reached
    from {{ relation }}
    union
    select
        {{ itself }}.node,
        step.{{ parent }} as reached
    from {{ itself }}
    inner join {{ relation }} as step on {{ itself }}.reached = step.{{ node }}
{%- endmacro %}

{#- The companies of splits that lead to one company, with every company on the way
    there. `splits` holds each pair both ways, `reached` (node, reached) what each company
    leads to. -#}
{% macro ways_of_split(splits, reached) -%}
    select distinct ways.reached as company_key
    from {{ splits }} as pairs
    inner join ({{ _reached_or_itself(splits, reached) }}) as ways
        on pairs.company_key = ways.node
    inner join ({{ _reached_or_itself(splits, reached) }}) as meeting
        on pairs.company_key = meeting.node
    inner join ({{ _reached_or_itself(splits, reached) }}) as other_ways
        on pairs.other_company_key = other_ways.node
            and meeting.reached = other_ways.reached
    left join ({{ _reached_or_itself(splits, reached) }}) as shared_ways
        on pairs.other_company_key = shared_ways.node
            and ways.reached = shared_ways.reached
    left join {{ reached }} as circles
        on ways.reached = circles.node
            and pairs.company_key = circles.reached
    where shared_ways.node is null
        or circles.node is not null
{%- endmacro %}

{% macro _reached_or_itself(splits, reached) -%}
    select
        node,
        reached
    from {{ reached }}
    union
    select
        company_key as node,
        company_key as reached
    from {{ splits }}
{%- endmacro %}

{#- Where `element` stands in a text list (1 based, in characters: an order, not a
    count); null where it is not in it. -#}
{% macro place_in_list(list, element) -%}
    nullif(
        instr(';' || replace({{ list }}, ' ', '') || ';', ';' || {{ element }} || ';'),
        0
    )
{%- endmacro %}

{#- A text without blanks around it; null where nothing is left. -#}
{% macro text_or_null(expression) -%}
    nullif(trim({{ expression }}), '')
{%- endmacro %}

{#- A steward's decision in words. -#}
{% macro decision_text(decision) -%}
    'steward decision: ' || {{ decision }} || ' by ' || decided_by || ' on '
    || cast(decided_on as varchar) || coalesce(' (' || why || ')', '')
{%- endmacro %}

{#- The fields of a customer's master data by the records that state them. An address is
    one field: its lines are never taken from two records. -#}
{% macro survivorship_fields() -%}
    {{ return({
        'shared': [
            'name', 'legal_name', 'vat_number', 'registration_number', 'website',
            'phone', 'email', 'territory',
        ],
        'company': ['industry', 'company_type'],
        'account': ['customer_group'],
        'whole': ['address'],
    }) }}
{%- endmacro %}

{#- The as-of date of a publication: its id is its number and that date. -#}
{% macro publication_day(publication_id) -%}
    try_cast(split_part({{ publication_id }}, '_', 2) as date)
{%- endmacro %}
