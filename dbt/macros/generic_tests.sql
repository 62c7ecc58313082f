{#- No two rows share the named columns; null counts as a value. -#}
{% test unique_together(model, columns) %}
select
    {{ columns | join(', ') }},
    count(*) as rows_found
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}

{#- None of the named columns is ever null: one test for a model, not one for each column. -#}
{% test never_null(model, columns) %}
select *
from {{ model }}
where {% for column in columns %}{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %}
{% endtest %}

{#- The grain of a model and what is always known of it: no two rows share the columns,
    null counts as a value, and none of `never_null` is ever null. One test, because a
    test costs a small build more than a model. -#}
{% test one_row_per(model, columns, never_null) %}
select
    {{ columns | join(', ') }},
    count(*) as rows_found
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
union all
select
    {{ columns | join(', ') }},
    1 as rows_found
from {{ model }}
where {{ never_null | join(' is null or ') }} is null
{% endtest %}
