{#- One object of JSON as text, from pairs of key and expression; null stays null. -#}
{% macro json_row(pairs) -%}
    cast(json_object(
        {%- for key, expression in pairs %}
        '{{ key }}', {{ expression }}{{ ',' if not loop.last }}
        {%- endfor %}
    ) as varchar)
{%- endmacro %}

{#- The JSON texts of a group as one array, in a stated order; `[]` where there is none. -#}
{% macro json_rows(expression, order_by) -%}
    '[' || coalesce({{ joined_text(expression, order_by, ', ') }}, '') || ']'
{%- endmacro %}

{#- The tables of the extract contract: what a staging model of that name reads. -#}
{% macro contract_tables() -%}
    {{ return([
        'crm_company', 'crm_contact', 'crm_user', 'crm_opportunity', 'crm_quote',
        'crm_quote_line', 'crm_order', 'crm_order_line', 'crm_activity', 'crm_campaign',
        'crm_campaign_member', 'crm_case', 'crm_service_contract', 'erp_entity',
        'erp_fiscal_period', 'erp_account', 'erp_credit_profile', 'erp_payment_terms',
        'erp_ar_document', 'erp_ar_document_line', 'erp_ar_installment',
        'erp_ar_allocation', 'erp_gl_control_balance', 'erp_item', 'erp_tax_rate',
        'erp_price', 'erp_stock', 'erp_sales_order', 'erp_sales_order_line',
        'erp_shipment', 'erp_shipment_line', 'erp_return', 'erp_return_line',
        'erp_dispute', 'erp_promise', 'erp_dunning_event', 'erp_service_cost',
        'erp_list_value', 'last_synced', 'delivery_ack', 'fx_rate', 'match_decision',
        'list_map', 'sync_policy', 'survivorship', 'credit_rule', 'exposure_policy',
        'ageing_profile', 'dunning_policy', 'segment_band', 'segment_rule',
        'customer_group', 'credit_limit', 'account_approval', 'letter_release',
    ]) }}
{%- endmacro %}

{#- The rows of a relation that break a rule of int_flag_checks. `side` says of which kind
    of member (company, account) `member` is the key; without it nobody is flagged. -#}
{% macro flagged(relation, table_name, record_key, check_name, broken,
    side=none, member=none) -%}
    select
        source,
        '{{ table_name }}' as table_name,
        {{ record_key }} as record_key,
        '{{ check_name }}' as check_name,
        {{ member_key(side, member or record_key) if side else 'cast(null as varchar)' }}
            as member_key
    from {{ relation }}
    where {{ broken }}
{%- endmacro %}
