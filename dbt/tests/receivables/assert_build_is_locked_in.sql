-- The build can read nothing outside its data folder, and nobody can lift that.
with engine_settings as (
    {{ engine_settings() }}
)

select *
from engine_settings
where (setting = 'enable_external_access' and value <> 'false')
    or (setting = 'lock_configuration' and value <> 'true')
