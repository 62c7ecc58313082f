-- Grain: one row per member whose customer id or company is new or has changed against
-- the register.
-- own_cause: what happened to the member itself; null where it only goes along with
-- others. Of a register without causes only a changed id tells that anything happened.
with members as (
    select * from {{ ref('int_customer_members') }}
),

clusters as (
    select * from {{ ref('int_cluster_customer') }}
),

companies as (
    select * from {{ ref('int_companies') }}
),

register as (
    select
        *,
        row_number() over (
            partition by member_key
            order by seq desc, customer_id asc
        ) as from_last
    from {{ ref('stg_id_register') }}
),

noted as (
    select * from register
    where from_last = 1
),

links as (
    select
        account_key,
        decided_by
    from {{ ref('int_account_match') }}
),

account_splits as (
    select * from {{ ref('int_split_accounts') }}
),

rejections as (
    select * from {{ ref('int_match_decisions') }}
    where decision = 'reject'
),

split_companies as (
    select
        company_key,
        other_company_key,
        decided_by,
        decided_on
    from {{ ref('int_company_decisions') }}
    where decision = 'split'
    union all
    select
        other_company_key as company_key,
        company_key as other_company_key,
        decided_by,
        decided_on
    from {{ ref('int_company_decisions') }}
    where decision = 'split'
),

company_splits as (
    select
        company_key,
        decided_by,
        row_number() over (
            partition by company_key
            order by decided_on desc, other_company_key asc
        ) as choice
    from split_companies
),

compared as (
    select
        members.member_key,
        members.side,
        members.record_key,
        members.company_key,
        members.cluster_key,
        clusters.customer_id,
        clusters.founder_key,
        noted.customer_id as noted_customer_id,
        noted.company_key as noted_company_key,
        noted.decided_by as noted_decided_by,
        noted.member_key is null as is_first_seen,
        coalesce(noted.customer_id <> clusters.customer_id, true) as is_other_id,
        noted.cause is null as is_cause_unknown,
        coalesce(members.company_key, '') <> coalesce(noted.company_key, '')
            as is_other_company,
        -- It goes along when its company is merged or split.
        coalesce(
            noted.company_key <> members.record_key
            and (
                noted_companies.surviving_company_key = members.company_key
                or (
                    members.company_key <> members.record_key
                    and company_noted.company_key = noted.company_key
                )
            ), false
        ) as goes_along
    from members
    inner join clusters on members.cluster_key = clusters.cluster_key
    left join noted on members.member_key = noted.member_key
    left join companies as noted_companies
        on noted.company_key = noted_companies.company_key
    left join noted as company_noted
        on {{ member_key('company', 'members.company_key') }} = company_noted.member_key
),

changed as (
    select
        *,
        not goes_along
        and case when is_cause_unknown then is_other_id else is_other_company end
            as is_own
    from compared
    where is_other_id
        or is_other_company
        or is_cause_unknown
)

select
    changed.member_key,
    changed.cluster_key,
    changed.customer_id,
    changed.founder_key,
    changed.company_key,
    changed.noted_customer_id,
    changed.is_other_id and not changed.is_first_seen as is_moved,
    case
        when not changed.is_own then null
        when changed.side = 'account' and changed.company_key is not null then 'link'
        when changed.side = 'account' and changed.is_first_seen then null
        when changed.side = 'account' then 'unlink'
        when changed.company_key <> changed.record_key
            then case companies.merged_by when 'crm' then 'source_merge' else 'merge'
            end
        when changed.noted_company_key <> changed.record_key then 'split'
    end as own_cause,
    coalesce(
        case
            when changed.side = 'account' and changed.company_key is not null
                then links.decided_by
            when changed.side = 'account'
                then coalesce(account_splits.decided_by, rejections.decided_by)
            when changed.company_key <> changed.record_key then companies.merged_by
            -- What its CRM merged is parted by a steward, else by its CRM.
            else coalesce(
                company_splits.decided_by,
                case changed.noted_decided_by when 'crm' then 'crm' end
            )
        end,
        'rule'
    ) as own_decided_by
from changed
left join companies
    on case when changed.side = 'company' then changed.record_key end
        = companies.company_key
left join company_splits
    on case when changed.side = 'company' then changed.record_key end
        = company_splits.company_key
        and company_splits.choice = 1
left join links
    on case when changed.side = 'account' then changed.record_key end
        = links.account_key
left join account_splits
    on case when changed.side = 'account' then changed.record_key end
        = account_splits.account_key
left join companies as left_companies
    on changed.noted_company_key = left_companies.company_key
left join rejections
    on case when changed.side = 'account' then changed.record_key end
        = rejections.account_key
        and left_companies.surviving_company_key = rejections.company_key
