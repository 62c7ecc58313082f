-- Grain: one row per currency that any source names.
with named as (
    select reporting_currency as currency from {{ ref('stg_run_context') }}
    union all
    select from_currency from {{ ref('stg_fx_rate') }}
    union all
    select to_currency from {{ ref('stg_fx_rate') }}
    union all
    select base_currency from {{ ref('stg_erp_entity') }}
    union all
    select currency from {{ ref('stg_erp_account') }}
    union all
    select currency from {{ ref('stg_erp_ar_document') }}
    union all
    select currency from {{ ref('stg_erp_sales_order') }}
    union all
    select currency from {{ ref('stg_erp_gl_control_balance') }}
    union all
    select limit_currency from {{ ref('stg_erp_credit_profile') }}
    union all
    select currency from {{ ref('stg_credit_limit') }}
    union all
    select currency from {{ ref('stg_credit_rule') }}
    union all
    select currency from {{ ref('stg_crm_opportunity') }}
    union all
    select currency from {{ ref('stg_crm_quote') }}
    union all
    select currency from {{ ref('stg_crm_order') }}
    union all
    select currency from {{ ref('stg_crm_campaign') }}
    union all
    select currency from {{ ref('stg_crm_service_contract') }}
)

select distinct currency
from named
where currency is not null
