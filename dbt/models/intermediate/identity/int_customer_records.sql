-- Grain: one row per customer: the records it is made of.
with members as (
    select
        members.side,
        members.record_key,
        members.company_key,
        clusters.customer_id
    from {{ ref('int_customer_members') }} as members
    inner join {{ ref('int_cluster_customer') }} as clusters
        on members.cluster_key = clusters.cluster_key
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

companies as (
    select * from {{ ref('int_companies') }}
),

stated as (
    select * from {{ ref('stg_crm_company') }}
),

users as (
    select * from {{ ref('stg_crm_user') }}
),

records as (
    select
        members.customer_id,
        members.record_key,
        companies.deleted_on,
        cast(null as varchar) as entity_key,
        cast(null as varchar) as salesperson_code,
        cast(null as varchar) as payment_terms_code
    from members
    inner join companies on members.record_key = companies.company_key
    where members.side = 'company'
    union all
    select
        members.customer_id,
        members.record_key,
        accounts.deleted_on,
        accounts.entity_key,
        accounts.salesperson_code,
        accounts.payment_terms_code
    from members
    inner join accounts on members.record_key = accounts.account_key
    where members.side = 'account'
),

summed as (
    select
        customer_id,
        case when count(deleted_on) = count(*) then max(deleted_on) end as deleted_on,
        {{ joined_text(
            'case when entity_key is not null then record_key end', 'record_key'
        ) }} as account_keys
    from records
    group by customer_id
),

{%- for column in ['entity_key', 'salesperson_code', 'payment_terms_code'] %}
{{ column }}_list as (
    select
        customer_id,
        {{ joined_text(column, column) }} as {{ column }}s
    from (select distinct customer_id, {{ column }} from records)
    group by customer_id
),
{% endfor %}

-- A customer has at most one surviving company.
owners as (
    select
        members.customer_id,
        {{ key_of('stated.owner_user_id', 'stated.source') }} as owner_key,
        users.name as owner_name,
        users.email as owner_email,
        stated.custom_fields
    from members
    inner join stated
        on members.record_key = stated.company_key
            and members.record_key = members.company_key
    left join users
        on stated.source = users.source
            and stated.owner_user_id = users.user_id
    where members.side = 'company'
),

former as (
    select
        customer_id_in_force as customer_id,
        {{ joined_text('customer_id', 'customer_id') }} as former_customer_ids
    from {{ ref('int_customer_forwarding') }}
    group by customer_id_in_force
)

select
    summed.customer_id,
    summed.deleted_on,
    summed.account_keys,
    {%- for column in ['entity_key', 'salesperson_code', 'payment_terms_code'] %}
    {{ column }}_list.{{ column }}s,
    {%- endfor %}
    owners.owner_key,
    owners.owner_name,
    owners.owner_email,
    owners.custom_fields,
    former.former_customer_ids
from summed
{%- for column in ['entity_key', 'salesperson_code', 'payment_terms_code'] %}
inner join {{ column }}_list on summed.customer_id = {{ column }}_list.customer_id
{%- endfor %}
left join owners on summed.customer_id = owners.customer_id
left join former on summed.customer_id = former.customer_id
