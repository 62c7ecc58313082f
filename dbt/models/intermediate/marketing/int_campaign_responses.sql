-- Grain: one row per member of a campaign that had answered by the as-of date.
-- An answer without a time counts from the first day of its campaign on, or as soon as
-- a campaign without one has cost something (has_begun in int_campaigns), but nobody
-- knows what came after it: responded_on is null.
with run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

campaigns as (
    select * from {{ ref('stg_crm_campaign') }}
),

contacts as (
    select * from {{ ref('stg_crm_contact') }}
),

companies as (
    select * from {{ ref('int_company_customer') }}
)

select
    members.campaign_key,
    members.member_id,
    companies.customer_id,
    cast(members.first_responded_at as date) as responded_on
from {{ ref('stg_crm_campaign_member') }} as members
cross join run_context
inner join campaigns on members.campaign_key = campaigns.campaign_key
left join contacts on members.contact_key = contacts.contact_key
left join companies
    on coalesce(members.company_key, contacts.company_key) = companies.company_key
where members.responded
    and coalesce(
        cast(members.first_responded_at as date),
        campaigns.start_date,
        case when campaigns.actual_cost is not null then run_context.as_of_date end
    ) <= run_context.as_of_date
