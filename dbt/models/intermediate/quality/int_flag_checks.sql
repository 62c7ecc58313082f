-- Grain: one row per rule that flags a record and drops nothing.
with checks (table_name, check_name, meaning) as (
    values
    ('crm_company', 'merged_in_a_circle', 'merges lead back to the company itself'),
    (
        'crm_company',
        'merged_into_unknown',
        'merged into itself or into no known company'
    ),
    ('crm_company', 'parent_unknown', 'its parent is itself or no known company'),
    ('crm_company', 'parent_circle', 'its parents lead back to itself'),
    (
        'crm_company',
        'vat_number_invalid',
        'the check digits of its VAT number are wrong'
    ),
    (
        'crm_company',
        'registration_number_invalid',
        'the check digits of its registration number are wrong'
    ),
    (
        'crm_company',
        'duplicate_company',
        'another company looks like the same organisation'
    ),
    ('crm_company', 'reference_unknown', 'its stored account code names no account'),
    (
        'erp_account',
        'match_tie',
        'several companies have the same claim, none is linked'
    ),
    (
        'erp_account',
        'match_review',
        'something is like it, but only a person may link it'
    ),
    ('erp_account', 'match_conflict', 'linked, but another company has a weaker claim'),
    (
        'erp_account',
        'duplicate_account',
        'another account of its ledger looks like the same one'
    ),
    ('erp_account', 'reference_unknown', 'its stored company id names no company'),
    (
        'erp_account',
        'vat_number_invalid',
        'the check digits of its VAT number are wrong'
    ),
    (
        'erp_account',
        'registration_number_invalid',
        'the check digits of its registration number are wrong'
    ),
    ('erp_account', 'parent_unknown', 'its parent is itself or no known account'),
    ('erp_account', 'parent_circle', 'its parents lead back to itself'),
    ('erp_account', 'bill_to_unknown', 'its bill-to is no known account'),
    ('match_decision', 'record_unknown', 'a decision on an unknown account or company'),
    (
        'match_decision',
        'decision_contradicted',
        'another decision says otherwise; a rejection or a split counts first'
    ),
    ('customer_group', 'company_unknown', 'a group names an unknown company'),
    ('survivorship', 'field_unknown', 'a policy for a field that no customer has'),
    ('survivorship', 'system_unknown', 'a policy names no source and no role of one'),
    ('erp_ar_document', 'net_derived', 'no net amount is stated, it is derived'),
    (
        'erp_ar_document',
        'ordering_account_unknown',
        'the ordering account is not known'
    ),
    ('erp_ar_document', 'due_date_derived', 'no due date is stated, it is derived'),
    ('erp_ar_document', 'due_before_document', 'due before the day of the document'),
    ('erp_ar_document', 'dated_after_load', 'dated after the day of its load'),
    (
        'erp_ar_document',
        'payment_undated',
        'a payment without a day counts from its load'
    ),
    (
        'erp_ar_document',
        'open_amount_missing',
        'no open amount is stated, counted in full'
    ),
    ('erp_ar_document', 'rate_missing', 'no rate to the reporting currency'),
    ('erp_ar_document_line', 'unpriced', 'a line without price and amount'),
    ('erp_ar_document', 'contract_unknown', 'names a service contract no CRM has'),
    ('erp_ar_document', 'campaign_unknown', 'names a campaign no CRM has'),
    ('erp_service_cost', 'contract_unknown', 'spent on a service contract no CRM has'),
    ('erp_sales_order', 'rate_missing', 'no rate to the reporting currency'),
    ('erp_sales_order', 'net_unknown', 'nothing states what the sold order is worth'),
    ('erp_sales_order_line', 'unpriced', 'a line without price and amount')
)

select
    table_name,
    check_name,
    meaning
from checks
