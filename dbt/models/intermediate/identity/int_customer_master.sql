-- Grain: one row per customer: its master data, each value with the source it comes
-- from.
{%- set fields = [
    'legal_name', 'vat_number', 'registration_number', 'website', 'phone', 'email',
    'territory', 'industry', 'company_type', 'customer_group',
] %}
{%- set lines = [
    'address_line1', 'address_line2', 'city', 'region', 'postcode', 'country_code',
] %}

with attributes as (
    select * from {{ ref('int_customer_attributes') }}
),

addresses as (
    {%- for side, relation in [
        ('company', 'stg_crm_company'), ('account', 'stg_erp_account'),
    ] %}
    select
        source,
        {{ side }}_key as record_key,
        '{{ side }}' as side,
        {%- for line in lines %}
        {{ line }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref(relation) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

pivoted as (
    select
        customer_id,
        {%- for field in fields %}
        max(case when field = '{{ field }}' then field_value end) as {{ field }},
        max(case when field = '{{ field }}' then source end) as {{ field }}_source,
        {%- endfor %}
        max(case when field = 'address' then field_value end) as address_key,
        max(case when field = 'address' then side end) as address_side,
        max(case when field = 'address' then source end) as address_source
    from attributes
    group by customer_id
),

customers as (
    select * from {{ ref('int_customers') }}
)

select
    customers.customer_id,
    {%- for field in fields %}
    pivoted.{{ field }},
    pivoted.{{ field }}_source,
    {%- endfor %}
    {%- for line in lines %}
    addresses.{{ line }},
    {%- endfor %}
    pivoted.address_source
from customers
left join pivoted on customers.customer_id = pivoted.customer_id
left join addresses
    on pivoted.address_key = addresses.record_key
        and pivoted.address_side = addresses.side
