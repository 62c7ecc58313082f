-- Grain: one row per customer: company with its accounts, prospect, or unlinked
-- account.
-- Amounts: reporting currency. Receivables, exposure and hold stand on the customer's
-- bill-to accounts, orders and sales on its ordering accounts.
{%- set survived = [
    'legal_name', 'vat_number', 'registration_number', 'website', 'phone', 'email',
    'territory', 'industry', 'company_type', 'customer_group',
] %}
{%- set balances = [
    'outstanding', 'not_due', 'd1_30', 'd31_60', 'd61_90', 'd90_plus',
    'unallocated_credit', 'overdue', 'disputed',
] %}

with customers as (
    select * from {{ ref('int_customers') }}
),

run_context as (
    select * from {{ ref('stg_run_context') }}
)

select
    customers.customer_id,
    customers.customer_name,
    customers.customer_name_source,
    case when customers.is_prospect then 'prospect' else 'customer'
    end as customer_type,
    customers.company_key is not null and not customers.is_prospect as is_linked,
    records.deleted_on,
    records.former_customer_ids,
    customers.company_key,
    customers.accounts,
    records.account_keys,
    records.entity_keys,
    customers.group_id,
    customers.group_name,
    customers.group_from,
    {%- for field in survived %}
    master.{{ field }},
    master.{{ field }}_source,
    {%- endfor %}
    {%- for line in ['address_line1', 'address_line2', 'city', 'region', 'postcode',
        'country_code', 'address_source'] %}
    master.{{ line }},
    {%- endfor %}
    records.owner_name,
    records.owner_email,
    records.salesperson_codes,
    records.payment_terms_codes,
    coalesce(relations.contacts, 0) as contacts,
    relations.accounts_contact_name,
    relations.accounts_contact_email,
    relations.last_activity_at,
    run_context.reporting_currency,
    coalesce(credit.has_receivables, true) as has_receivables,
    {%- for amount in balances %}
    case when coalesce(credit.has_receivables, true)
        then {{ zero_unless('ageing', 'ageing.' ~ amount ~ '_reporting') }}
    end as {{ amount }}_reporting,
    {%- endfor %}
    case when coalesce(credit.has_receivables, true)
        then coalesce(ageing.oldest_days, 0)
    end as oldest_days,
    last_payments.last_payment_date,
    last_payments.last_payment_reporting,
    payments.days_to_pay,
    payments.days_sales_outstanding,
    credit.limit_state,
    credit.credit_limit_reporting,
    credit.exposure_reporting,
    credit.available_reporting,
    credit.used_pct,
    coalesce(credit.is_over_limit, false) as is_over_limit,
    coalesce(credit.is_on_hold, false) as is_on_hold,
    credit.hold_reasons,
    credit.held_since,
    coalesce(credit.held_accounts, 0) as held_accounts,
    credit.amount_to_release_reporting,
    {%- for amount in ['sales_ytd', 'sales_prior_ytd', 'sales_prior_full_year'] %}
    {{ zero_unless('sales', 'sales.' ~ amount) }} as {{ amount }}_reporting,
    {%- endfor %}
    sales.sales_growth,
    {{ zero_unless('sales', 'sales.sales_lifetime') }} as sales_lifetime_reporting,
    case
        when sales.customer_id is not null then sales.abc
        when not customers.is_prospect then 'C'
    end as abc,
    segments.segment,
    sales.first_purchase_date,
    sales.last_purchase_date,
    sales.average_order as average_order_reporting,
    coalesce(sales.unknown_sales, 0) as unknown_sales,
    buying.next_order_expected_on,
    buying.lapsed_item_groups,
    buying.suggested_items,
    buying.profit_12m_reporting,
    {{ zero_unless('credit', 'credit.open_orders_reporting') }}
        as open_orders_reporting,
    {{ zero_unless('credit', 'credit.shipped_not_invoiced_reporting') }}
        as shipped_not_invoiced_reporting,
    coalesce(unprocessed.unprocessed_orders, 0) as unprocessed_orders,
    coalesce(unprocessed.late_orders, 0) as late_orders,
    coalesce(unprocessed.unpriced_orders, 0) as unpriced_orders,
    {{ zero_unless('unprocessed', 'unprocessed.unprocessed_net') }}
        as unprocessed_net_reporting,
    {%- for thing in ['opportunities', 'quotes'] %}
    coalesce(pipeline.open_{{ thing }}, 0) as open_{{ thing }},
    {{ zero_unless('pipeline', 'pipeline.open_' ~ thing ~ '_reporting') }}
        as open_{{ thing }}_reporting,
    {%- endfor %}
    coalesce(pipeline.overdue_opportunities, 0) as overdue_opportunities,
    relations.last_campaign_response_on,
    relations.last_campaign_name,
    coalesce(service.open_cases, 0) as open_cases,
    service.oldest_case_opened_on,
    coalesce(service.overdue_cases, 0) as overdue_cases,
    service.response_met_pct,
    service.resolution_met_pct,
    coalesce(service.contracts_in_force, 0) as contracts_in_force,
    coalesce(service.contracts_ending_soon, 0) as contracts_ending_soon,
    {{ zero_unless('service', 'service.contracts_reporting') }} as contracts_reporting,
    service.next_contract_end,
    {{ zero_unless('service', 'service.service_margin_reporting') }}
        as service_margin_reporting,
    flags.data_quality_flags,
    coalesce(ageing.is_live_balance, false) as is_live_balance,
    ageing.is_reconciled,
    coalesce(ageing.is_rate_missing, false)
    or coalesce(credit.is_rate_missing, false)
    or coalesce(sales.unknown_sales, 0) > 0
    {%- for relation, amount in [
        ('last_payments', 'last_payment'),
        ('pipeline', 'open_opportunities'), ('pipeline', 'open_quotes'),
        ('service', 'contracts'), ('service', 'service_margin'),
    ] %}
    or {{ zero_unless(relation, relation ~ '.' ~ amount ~ '_reporting') }} is null
    {%- endfor %} as is_rate_missing,
    records.custom_fields,
    run_context.as_of_date,
    run_context.is_forced
from customers
cross join run_context
{%- for alias, relation in [
    ('records', ref('int_customer_records')),
    ('master', ref('int_customer_master')),
    ('relations', ref('int_customer_relations')),
    ('service', ref('int_customer_service')),
    ('ageing', ref('int_customer_balances')),
    ('last_payments', ref('int_customer_last_payments')),
    ('payments', ref('int_customer_payments')),
    ('credit', ref('int_customer_credit')),
    ('sales', ref('int_customer_sales')),
    ('segments', ref('int_customer_segments')),
    ('buying', ref('int_customer_buying')),
    ('unprocessed', ref('int_customer_unprocessed')),
    ('pipeline', ref('int_customer_pipeline')),
    ('flags', ref('int_customer_flags')),
] %}
left join {{ relation }} as {{ alias }}
    on customers.customer_id = {{ alias }}.customer_id
{%- endfor %}
