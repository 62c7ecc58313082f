-- Grain: one row per receivable document with lines.
-- What it was for: its first line that says so (else the name of the item), and how
-- many more lines there are.
with lines as (
    select * from {{ ref('stg_erp_ar_document_line') }}
),

items as (
    select * from {{ ref('stg_erp_item') }}
),

described as (
    select
        lines.document_key,
        coalesce({{ text_or_null('lines.description') }}, items.name) as description,
        count(*) over (partition by lines.document_key) as lines,
        row_number() over (
            partition by lines.document_key
            order by
                case when coalesce(
                    {{ text_or_null('lines.description') }}, items.name
                ) is null then 1 else 0 end,
                lines.line_no,
                lines.line_id
        ) as place
    from lines
    left join items on lines.item_key = items.item_key
)

select
    document_key,
    case
        when lines = 1 then description
        when lines = 2 then description || ' and 1 more line'
        else description || ' and ' || cast(lines - 1 as varchar) || ' more lines'
    end as description,
    cast(lines as integer) as lines
from described
where place = 1
