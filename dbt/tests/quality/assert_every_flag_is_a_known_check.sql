select distinct
    flags.table_name,
    flags.check_name
from {{ ref('int_record_flags') }} as flags
left join {{ ref('int_flag_checks') }} as checks
    on flags.table_name = checks.table_name
        and flags.check_name = checks.check_name
where checks.check_name is null
