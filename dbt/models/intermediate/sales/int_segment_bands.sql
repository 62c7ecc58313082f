-- Grain: one row per measure and score: from `at_least` up to and without `below`; of
-- the lowest band also what lies under it (at_least null), the highest is open (below
-- null). A measure that no steward bands has the built-in ones: recency in days,
-- frequency in days with a purchase, value in reporting currency a purchase. They are
-- figures and not shares of the customers, so that nobody's score changes because
-- somebody else buys.
with stated as (
    select
        measure,
        score,
        at_least,
        row_number() over (
            partition by measure, at_least
            order by score desc, source asc
        ) as choice
    from {{ ref('stg_segment_band') }}
),

built_in as (
    {%- for measure, bands in segment_bands().items() %}
    {%- for score, at_least in bands.items() %}
    select
        '{{ measure }}' as measure,
        {{ score }} as score,
        {{ money(at_least) }} as at_least
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

bands as (
    select
        measure,
        score,
        at_least
    from stated
    where choice = 1
    union all
    select
        built_in.measure,
        built_in.score,
        built_in.at_least
    from built_in
    left join (select distinct measure from stated) as banded
        on built_in.measure = banded.measure
    where banded.measure is null
)

select
    measure,
    cast(score as integer) as score,
    case
        when at_least > min(at_least) over (partition by measure) then at_least
    end as at_least,
    lead(at_least) over (
        partition by measure
        order by at_least
    ) as below
from bands
