-- Grain: one row per rule that makes a segment of scores, in the order of `place`.
-- Those of the steward; where none is delivered, the built-in ones.
with stated as (
    select
        segment_rule.*,
        row_number() over (
            order by segment_rule.place asc, segment_rule.source asc
        ) as rule_no
    from {{ ref('stg_segment_rule') }} as segment_rule
),

built_in as (
    {%- for segment, scores in segment_rules() %}
    select
        {{ loop.index }} as rule_no,
        '{{ segment }}' as segment
        {%- for end in segment_ranges() %},
        {{ scores.get(end, 'null') }} as {{ end }}
        {%- endfor %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    cast(rule_no as integer) as place,
    segment
    {%- for end in segment_ranges() %},
    cast({{ end }} as integer) as {{ end }}
    {%- endfor %}
from stated
union all
select
    cast(built_in.rule_no as integer) as place,
    built_in.segment
    {%- for end in segment_ranges() %},
    cast(built_in.{{ end }} as integer) as {{ end }}
    {%- endfor %}
from built_in
left join (select count(*) as rules from stated) as counted on true
where counted.rules = 0
