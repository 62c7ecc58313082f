-- Grain: one row per record that breaks a rule which a person has to look at, or was
-- not accepted, and kind (the name of the rule; quarantined_row), one row per source
-- that stands on older data than it should (source_stale), and one row per line of
-- list_map that leads to no code in use (list_map_broken).
-- Amounts: of a document what remains of it, in its currency; of an account or a
-- company what the customer owes, in reporting currency; of a quarantined row what it
-- states.
-- A document that is settled to the end needs nobody any more. What is only derived
-- (int_flag_checks) is no exception; duplicates are told by the pair
-- (int_exceptions_duplicates).
with asked (table_name, check_name, whose, where_to_look) as (
    values
    ('crm_company', 'merged_in_a_circle', 'data', 'crm_company'),
    ('crm_company', 'merged_into_unknown', 'data', 'crm_company'),
    ('crm_company', 'parent_unknown', 'data', 'crm_company'),
    ('crm_company', 'parent_circle', 'data', 'crm_company'),
    ('crm_company', 'reference_unknown', 'data', 'crm_company'),
    ('crm_company', 'vat_number_invalid', 'data', 'crm_company'),
    ('crm_company', 'registration_number_invalid', 'data', 'crm_company'),
    ('erp_account', 'match_tie', 'data', 'match_review_queue'),
    ('erp_account', 'match_review', 'data', 'match_review_queue'),
    ('erp_account', 'match_conflict', 'data', 'match_review_queue'),
    ('erp_account', 'reference_unknown', 'data', 'trading_accounts'),
    ('erp_account', 'parent_unknown', 'data', 'trading_accounts'),
    ('erp_account', 'bill_to_unknown', 'finance', 'trading_accounts'),
    ('erp_account', 'vat_number_invalid', 'finance', 'trading_accounts'),
    ('erp_account', 'registration_number_invalid', 'finance', 'trading_accounts'),
    ('match_decision', 'record_unknown', 'data', 'match_decision'),
    ('match_decision', 'decision_contradicted', 'data', 'match_decision'),
    ('customer_group', 'company_unknown', 'data', 'customer_group'),
    ('survivorship', 'field_unknown', 'data', 'survivorship'),
    ('survivorship', 'system_unknown', 'data', 'survivorship'),
    ('erp_ar_document', 'due_before_document', 'finance', 'ar_open_items'),
    ('erp_ar_document', 'payment_undated', 'finance', 'ar_open_items'),
    ('erp_ar_document', 'open_amount_missing', 'finance', 'ar_open_items'),
    ('erp_ar_document', 'dated_after_load', 'finance', 'erp_ar_document'),
    ('erp_ar_document', 'ordering_account_unknown', 'data', 'invoice_history')
),

flags as (
    select * from {{ ref('int_record_flags') }}
),

checks as (
    select * from {{ ref('int_flag_checks') }}
),

documents as (
    select
        documents.*,
        case
            when documents.exists_at_as_of then coalesce(balances.residual, 0)
            else documents.effect
        end as at_stake,
        case
            when documents.exists_at_as_of then documents.document_date
            else documents.load_date
        end as stands_since
    from {{ ref('int_documents') }} as documents
    left join {{ ref('int_document_balances') }} as balances
        on documents.document_key = balances.document_key
),

owed as (
    select
        customer_id,
        sum(outstanding_reporting) as outstanding_reporting
    from {{ ref('ar_ageing_by_customer') }}
    group by customer_id
),

run_context as (
    select * from {{ ref('stg_run_context') }}
),

quarantine as (
    select
        *,
        source || '/' || coalesce(table_name, '') || '/' || coalesce(record_key, '')
        || '/' || cast(row_number() over (
            partition by source, table_name, record_key
            order by source_file, source_line, reasons, load_id, raw_row
        ) as varchar) as place
    from {{ ref('quarantined_rows') }}
),

sources as (
    select * from {{ ref('stg_source_info') }}
),

list_gaps as (
    select * from {{ ref('int_list_gaps') }}
)

select
    flags.check_name as kind,
    flags.source,
    flags.record_key,
    flags.customer_id,
    flags.table_name || ' ' || flags.record_key || ': ' || checks.meaning as what,
    documents.stands_since as since,
    {{ money('coalesce(documents.at_stake, owed.outstanding_reporting)') }} as amount,
    coalesce(documents.currency, run_context.reporting_currency) as currency,
    asked.whose,
    asked.where_to_look
from flags
inner join asked
    on flags.table_name = asked.table_name
        and flags.check_name = asked.check_name
inner join checks
    on flags.table_name = checks.table_name
        and flags.check_name = checks.check_name
cross join run_context
left join documents
    on case when flags.table_name = 'erp_ar_document' then flags.record_key end
        = documents.document_key
left join owed on flags.customer_id = owed.customer_id
where documents.document_key is null
    or documents.at_stake <> 0
union all
select
    'quarantined_row' as kind,
    source,
    place as record_key,
    cast(null as varchar) as customer_id,
    coalesce(table_name, 'a row') || coalesce(' ' || record_key, '')
    || ' was not accepted: ' || coalesce(reasons, 'no reason is recorded') as what,
    load_date as since,
    amount,
    currency,
    'data' as whose,
    coalesce(
        source_file || coalesce(', line ' || cast(source_line as varchar), ''),
        'quarantined_rows'
    ) as where_to_look
from quarantine
union all
select
    'source_stale' as kind,
    source,
    source as record_key,
    cast(null as varchar) as customer_id,
    stale_because as what,
    reach_date as since,
    cast(null as decimal(18, 4)) as amount,
    cast(null as varchar) as currency,
    'data' as whose,
    'mart_info' as where_to_look
from sources
where stale_because is not null
union all
select
    'list_map_broken' as kind,
    source,
    source || '/' || list_name || '/' || list_value || '/' || erp_source as record_key,
    cast(null as varchar) as customer_id,
    'list_map leads the ' || list_name || ' ' || list_value || ' to ' || mapped_code
    || case reason
        when 'inactive_code' then ', which may no longer be used in '
        else ', which is no code of '
    end || erp_source as what,
    cast(null as date) as since,
    cast(null as decimal(18, 4)) as amount,
    cast(null as varchar) as currency,
    'data' as whose,
    'list_mismatches' as where_to_look
from list_gaps
where mapped_by = 'list_map'
