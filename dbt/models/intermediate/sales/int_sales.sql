-- Grain: one row per customer, ledger company and fiscal year in which, or in the year
-- before which, the customer bought.
-- Amounts: net of tax and freight less credit notes, in base currency (`_base`) and in
-- reporting currency; null where a sale in them has no rate or no amount. Margin: of
-- the sales that state a cost; null where none does.
with summed as (
    select
        customer_id,
        entity_key,
        fiscal_year,
        {{ sums_of_sales_years([
            'ytd_base', 'prior_ytd_base', 'prior_full_year_base'
        ]) }}
    from {{ ref('int_sales_years') }}
    group by customer_id, entity_key, fiscal_year
),

fiscal_years as (
    select * from {{ ref('int_fiscal_years') }}
),

entities as (
    select * from {{ ref('stg_erp_entity') }}
)

select
    summed.customer_id,
    summed.entity_key,
    entities.base_currency,
    summed.fiscal_year,
    fiscal_years.year_start,
    fiscal_years.year_end,
    fiscal_years.ytd_end,
    fiscal_years.is_current,
    summed.ytd_base,
    summed.ytd_reporting,
    summed.prior_ytd_base,
    summed.prior_ytd_reporting,
    summed.prior_full_year_base,
    summed.prior_full_year_reporting,
    summed.costed_documents,
    summed.margin_ytd_reporting,
    summed.costed_sales_ytd_reporting,
    summed.documents,
    summed.unknown_documents
from summed
inner join fiscal_years
    on summed.entity_key = fiscal_years.entity_key
        and summed.fiscal_year = fiscal_years.fiscal_year
inner join entities on summed.entity_key = entities.entity_key
