select count(*) as rows_found
from {{ ref('mart_info') }}
having count(*) <> 1
