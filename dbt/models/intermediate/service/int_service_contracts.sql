-- Grain: one row per service contract of a company, and where it stands at the as-of
-- date. Value: reporting currency at the last rate on or before that date.
-- account_key: the account that its code, else its id, names in a tied ERP: the one of
-- the contract's customer, else the only one.
-- renewed_by: the contract of the same customer and kind that takes over from it: it
-- begins later, not more than a month after this one's end, and ends later.
with run_context as (
    select * from {{ ref('stg_run_context') }}
),

stated as (
    select
        contracts.*,
        companies.customer_id,
        run_context.as_of_date,
        run_context.ending_soon_days,
        {{ contract_state(
            'contracts.status', 'contracts.start_date', 'contracts.end_date',
            'run_context.as_of_date'
        ) }} as state
    from {{ ref('stg_crm_service_contract') }} as contracts
    cross join run_context
    inner join {{ ref('int_company_customer') }} as companies
        on contracts.company_key = companies.company_key
),

rates as (
    select
        fx_as_of.from_currency as currency,
        fx_as_of.rate
    from {{ ref('int_fx_as_of') }} as fx_as_of
    inner join run_context on fx_as_of.to_currency = run_context.reporting_currency
),

accounts as (
    select
        accounts.*,
        account_customer.customer_id
    from {{ ref('int_tied_accounts') }} as accounts
    inner join {{ ref('int_account_customer') }} as account_customer
        on accounts.account_key = account_customer.account_key
),

named as (
    {%- for column in ['account_code', 'account_id'] %}
    select
        stated.contract_key,
        accounts.account_key,
        {{ loop.index }} as place,
        accounts.customer_id = stated.customer_id as is_of_customer
    from stated
    inner join accounts
        on stated.source = accounts.crm_source
            and stated.erp_account_id = accounts.{{ column }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

first_named as (
    select
        *,
        min(place) over (partition by contract_key) as first_place
    from named
),

billed as (
    select
        contract_key,
        case
            when count(distinct case when is_of_customer then account_key end) = 1
                then min(case when is_of_customer then account_key end)
            when count(distinct account_key) = 1 then min(account_key)
        end as account_key
    from first_named
    where place = first_place
    group by contract_key
),

successions as (
    select
        earlier.contract_key,
        later.contract_key as renewed_by,
        row_number() over (
            partition by earlier.contract_key
            order by later.start_date, later.contract_key
        ) as choice
    from stated as earlier
    inner join stated as later
        on earlier.customer_id = later.customer_id
            and earlier.type = later.type
    where earlier.start_date < later.start_date
        and earlier.end_date < later.end_date
        and later.start_date <= {{ add_months('earlier.end_date', 1) }}
        and later.state not in ('cancelled', 'draft')
        and earlier.state not in ('cancelled', 'draft')
)

select
    stated.contract_key,
    stated.source,
    stated.contract_id,
    stated.customer_id,
    stated.company_key,
    billed.account_key,
    stated.type as contract_type,
    stated.status,
    stated.state,
    stated.start_date,
    stated.end_date,
    stated.renewal_date,
    case
        when stated.state in ('not_started', 'in_cover', 'lapsed')
            then {{ days_between('stated.as_of_date', 'stated.end_date') }}
    end as days_left,
    successions.renewed_by,
    stated.state = 'in_cover'
    and successions.renewed_by is null
    and {{ days_between(
        'stated.as_of_date', 'least(stated.end_date, stated.renewal_date)'
    ) }} <= stated.ending_soon_days as is_ending_soon,
    stated.billing_frequency,
    stated.sla_policy,
    stated.value,
    stated.currency,
    {{ convert('stated.value', 'rates.rate') }} as value_reporting,
    stated.included_hours,
    stated.custom_fields
from stated
left join billed on stated.contract_key = billed.contract_key
left join successions
    on stated.contract_key = successions.contract_key
        and successions.choice = 1
left join rates on stated.currency = rates.currency
