-- Grain: one row per control account that differs from its general ledger, document or
-- refused row that could explain it, and why.
-- `contributes`: what the difference, sub-ledger less general ledger, would be if this
-- alone were the cause. In the currency of the difference (gap_currency).
-- Near: within 5 days of the as-of date, which covers a weekend and the day beside it.
{%- set near_days = 5 %}
with documents as (
    select * from {{ ref('int_documents') }}
),

balances as (
    select * from {{ ref('int_document_balances') }}
),

allocations as (
    select * from {{ ref('int_allocations') }}
),

quarantine as (
    select * from {{ ref('stg_quarantine') }}
    where table_name = 'erp_ar_document'
),

gl_accounts as (
    select
        entity_key,
        count(distinct control_account) as control_accounts
    from {{ ref('int_gl_balances') }}
    where is_current
    group by entity_key
),

differing as (
    select
        reconciliation.source,
        reconciliation.entity_key,
        reconciliation.control_account,
        reconciliation.currency,
        reconciliation.base_currency,
        reconciliation.is_all_currencies,
        reconciliation.as_of_date,
        abs(reconciliation.difference) < 0.005 as is_gap_base,
        case
            when abs(reconciliation.difference) < 0.005
                then reconciliation.difference_base
            else reconciliation.difference
        end as gap,
        case
            when abs(reconciliation.difference) < 0.005
                then reconciliation.base_currency
            else reconciliation.currency
        end as gap_currency,
        gl_accounts.control_accounts = 1 as is_only_account
    from {{ ref('ar_reconciliation') }} as reconciliation
    left join gl_accounts on reconciliation.entity_key = gl_accounts.entity_key
    where reconciliation.status = 'differs'
),

-- One balance per document; every document of the ledger whose amount the difference
-- could hold.
measured as (
    select
        differing.entity_key,
        differing.control_account,
        differing.currency,
        differing.gap,
        differing.gap_currency,
        differing.as_of_date,
        documents.document_key,
        documents.document_date,
        documents.exists_from,
        documents.exists_until,
        documents.exists_at_as_of,
        documents.is_draft,
        case
            when documents.control_account is not null
                then documents.control_account = differing.control_account
            else differing.is_only_account
        end as is_here,
        documents.control_account is null
        and not differing.is_only_account as is_nowhere,
        case
            when differing.is_gap_base or differing.is_all_currencies
                then documents.effect_base
            else documents.effect
        end as effect,
        case
            when differing.is_gap_base or differing.is_all_currencies
                then coalesce(balances.residual_base, 0)
            else coalesce(balances.residual, 0)
        end as residual,
        balances.residual = 0 and balances.residual_base <> 0 as is_rate_difference
    from differing
    inner join documents
        on differing.entity_key = documents.entity_key
            and (
                differing.is_all_currencies
                or differing.currency = documents.currency
            )
    left join balances on documents.document_key = balances.document_key
),

allocated as (
    select
        debit_document_key as document_key,
        amount as settled,
        base_amount as settled_base,
        effective_from
    from allocations
    union all
    select
        credit_document_key as document_key,
        -credit_amount as settled,
        -credit_base_amount as settled_base,
        effective_from
    from allocations
),

explained as (
    select
        measured.*,
        'draft' as why,
        -measured.effect as contributes
    from measured
    where measured.is_draft
        and measured.document_date <= measured.as_of_date
        and measured.is_here
    union all
    select
        measured.*,
        'dated_before_posted_after' as why,
        -measured.effect as contributes
    from measured
    where measured.document_date <= measured.as_of_date
        and measured.exists_from > measured.as_of_date
        and measured.is_here
    union all
    select
        measured.*,
        'posted_near' as why,
        case
            when measured.exists_from > measured.as_of_date then -measured.effect
            else measured.effect
        end as contributes
    from measured
    where measured.exists_from between {{ add_days('measured.as_of_date', -near_days) }}
        and {{ add_days('measured.as_of_date', near_days) }}
        and measured.is_here
    union all
    select
        measured.*,
        'voided_near' as why,
        case
            when measured.exists_until > measured.as_of_date then measured.effect
            else -measured.effect
        end as contributes
    from measured
    where measured.exists_until
        between {{ add_days('measured.as_of_date', -near_days) }}
        and {{ add_days('measured.as_of_date', near_days) }}
        and measured.is_here
    union all
    select
        measured.*,
        'rate_difference_unposted' as why,
        measured.residual as contributes
    from measured
    where measured.is_rate_difference
        and measured.residual <> 0
        and measured.is_here
    union all
    select
        measured.*,
        'no_control_account' as why,
        -measured.residual as contributes
    from measured
    where measured.is_nowhere
        and measured.residual <> 0
    union all
    select
        measured.*,
        'other_control_account' as why,
        -measured.residual as contributes
    from measured
    where not measured.is_here
        and not measured.is_nowhere
        and measured.residual = -measured.gap
    union all
    select
        measured.*,
        'same_amount' as why,
        measured.gap as contributes
    from measured
    where measured.exists_at_as_of
        and measured.is_here
        and abs(measured.gap) in (abs(measured.effect), abs(measured.residual))
    union all
    select
        measured.*,
        'wrong_side' as why,
        measured.gap as contributes
    from measured
    where measured.exists_at_as_of
        and measured.is_here
        and abs(measured.effect) * 2 = abs(measured.gap)
    union all
    select
        measured.*,
        'allocated_near' as why,
        measured.gap as contributes
    from measured
    inner join allocated
        on measured.document_key = allocated.document_key
            and allocated.effective_from
            between {{ add_days('measured.as_of_date', -near_days) }}
            and {{ add_days('measured.as_of_date', near_days) }}
    where measured.is_here
        and abs(measured.gap) in (abs(allocated.settled), abs(allocated.settled_base))
)

select distinct
    entity_key,
    control_account,
    currency,
    gap,
    gap_currency,
    document_key,
    cast(null as varchar) as refused_row,
    why,
    {{ money('contributes') }} as contributes,
    as_of_date
from explained
union all
select
    differing.entity_key,
    differing.control_account,
    differing.currency,
    differing.gap,
    differing.gap_currency,
    cast(null as varchar) as document_key,
    quarantine.source_file || ', line ' || cast(quarantine.source_line as varchar)
        as refused_row,
    'refused_row' as why,
    {{ money("""case
        when quarantine.currency <> differing.gap_currency then null
        when abs(quarantine.amount) = abs(differing.gap) then differing.gap
        else -quarantine.amount
    end""") }} as contributes,
    differing.as_of_date
from differing
inner join quarantine
    on differing.source = quarantine.source
        and (
            differing.is_all_currencies
            or coalesce(differing.currency = quarantine.currency, true)
        )
