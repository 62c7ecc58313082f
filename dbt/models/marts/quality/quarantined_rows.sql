-- Grain: one row per row of a source that was not accepted, with every reason.
select
    quarantine.source,
    quarantine.table_name,
    quarantine.stage,
    quarantine.record_key,
    quarantine.reasons,
    quarantine.amount,
    quarantine.currency,
    quarantine.source_file,
    cast(quarantine.source_line as bigint) as source_line,
    quarantine.load_id,
    quarantine.load_date,
    quarantine.raw_row
from {{ ref('stg_quarantine') }} as quarantine
