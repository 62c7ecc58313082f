-- Grain: one row per gap (int_list_gaps) to which an active code of the ERP's list
-- comes near: the nearest by its code or its label, the first by name of those as near.
-- Letters and digits are compared alone, without case or accents. Of items only those
-- that begin alike are compared (`begins`): there are too many for every pair.
with gaps as (
    select
        source,
        list_name,
        list_value,
        erp_source,
        {{ letters_and_digits('list_value') }} as form
    from {{ ref('int_list_gaps') }}
),

codes as (
    select * from {{ ref('int_list_codes') }}
    where is_active
),

forms as (
    select
        source,
        list_name,
        code,
        label,
        {{ letters_and_digits('code') }} as form
    from codes
    union
    select
        source,
        list_name,
        code,
        label,
        {{ letters_and_digits('label') }} as form
    from codes
    where label is not null
),

wanted as (
    select
        *,
        {{ compared_beginning('list_name', 'form') }} as begins
    from gaps
),

offered as (
    select
        *,
        {{ compared_beginning('list_name', 'form') }} as begins
    from forms
),

compared as (
    select
        gaps.source,
        gaps.list_name,
        gaps.list_value,
        gaps.erp_source,
        forms.code,
        max(forms.label) as label,
        max({{ similarity('gaps.form', 'forms.form') }}) as similarity
    from wanted as gaps
    inner join offered as forms
        on gaps.erp_source = forms.source
            and gaps.list_name = forms.list_name
            and gaps.begins = forms.begins
    group by
        gaps.source,
        gaps.list_name,
        gaps.list_value,
        gaps.erp_source,
        forms.code
),

ranked as (
    select
        *,
        row_number() over (
            partition by source, list_name, list_value, erp_source
            order by similarity desc, code asc
        ) as choice,
        count(*) over (
            partition by source, list_name, list_value, erp_source, similarity
        ) as equally_near
    from compared
    where similarity >= {{ near_enough() }}
)

select
    source,
    list_name,
    list_value,
    erp_source,
    code as nearest_code,
    label as nearest_label,
    similarity,
    cast(equally_near as integer) as equally_near
from ranked
where choice = 1
