-- Grain: one row per date of int_ageing_dates, ledger, control account and currency
-- with a balance of that day. A control account that is stated in base currency alone
-- holds the documents of every currency: is_all_currencies.
with gl_balance as (
    select * from {{ ref('stg_erp_gl_control_balance') }}
),

entity as (
    select * from {{ ref('stg_erp_entity') }}
),

dates as (
    select * from {{ ref('int_ageing_dates') }}
)

select
    gl_balance.source,
    gl_balance.entity_key,
    gl_balance.control_account,
    gl_balance.currency,
    entity.base_currency,
    gl_balance.balance,
    gl_balance.base_balance,
    bool_and(gl_balance.currency = entity.base_currency) over (
        partition by gl_balance.as_of, gl_balance.entity_key, gl_balance.control_account
    ) as is_all_currencies,
    gl_balance.as_of as as_of_date,
    dates.is_current
from gl_balance
inner join dates on gl_balance.as_of = dates.as_of_date
inner join entity on gl_balance.entity_key = entity.entity_key
