-- With `gl_difference: block` in the configuration, a difference stops the publication.
select
    reconciliation.entity_key,
    reconciliation.control_account,
    reconciliation.currency,
    reconciliation.difference,
    reconciliation.difference_base
from {{ ref('ar_reconciliation') }} as reconciliation
inner join {{ ref('stg_run_context') }} as run_context
    on run_context.gl_difference = 'block'
where reconciliation.status = 'differs'
