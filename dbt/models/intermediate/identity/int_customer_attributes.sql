-- Grain: one row per customer and field that any of its records fills.
-- Survivorship: the systems the steward's policy names for the field, in its order (a
-- name of a source, or `crm` and `erp` for all of a role); then the CRM, then the ERPs
-- by name. Within one system the surviving company, then what still exists, then the
-- smallest key. An address is one value: its lines are never taken from two systems;
-- the value of the field `address` is the key of the record it stands in.
{%- set fields = survivorship_fields() %}
{%- set shared_fields, company_fields, account_fields =
    fields['shared'], fields['company'], fields['account'] %}

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

records as (
    {%- for side, relation, own in [
        ('company', 'stg_crm_company', company_fields),
        ('account', 'stg_erp_account', account_fields),
    ] %}
    select
        members.customer_id,
        records.source,
        members.record_key,
        members.side,
        '{{ 'crm' if side == 'company' else 'erp' }}' as role,
        case when members.record_key = members.company_key then 0 else 1
        end as standing,
        records.deleted_on,
        {%- for field in shared_fields %}
        {{ text_or_null('records.' ~ field) }} as {{ field }},
        {%- endfor %}
        {%- for field in company_fields + account_fields %}
        {{ text_or_null('records.' ~ field) if field in own
            else 'cast(null as varchar)' }} as {{ field }},
        {%- endfor %}
        case
            when records.address_line1 is not null
                or records.city is not null
                or records.postcode is not null
                then members.record_key
        end as address
    from {{ ref(relation) }} as records
    inner join members
        on records.{{ side }}_key = members.record_key
            and members.side = '{{ side }}'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

filled as (
    {%- for field in shared_fields + company_fields + account_fields + ['address'] %}
    select
        customer_id,
        source,
        record_key,
        side,
        role,
        standing,
        deleted_on,
        '{{ field }}' as field,
        {{ field }} as field_value
    from records
    where {{ field }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

policies as (
    select
        field,
        min(systems) as systems
    from {{ ref('stg_survivorship') }}
    group by field
),

ranked as (
    select
        filled.customer_id,
        filled.field,
        filled.field_value,
        filled.source,
        filled.record_key,
        filled.side,
        row_number() over (
            partition by filled.customer_id, filled.field
            order by
                coalesce(
                    {{ place_in_list('policies.systems', 'filled.source') }},
                    {{ place_in_list('policies.systems', 'filled.role') }},
                    100000
                ),
                filled.role,
                filled.source,
                filled.standing,
                case when filled.deleted_on is null then 0 else 1 end,
                filled.record_key
        ) as choice
    from filled
    left join policies on filled.field = policies.field
)

select
    customer_id,
    field,
    field_value,
    source,
    side,
    record_key
from ranked
where choice = 1
