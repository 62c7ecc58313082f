-- Grain: one row per member whose customer id or company is new or has changed against
-- the register, with the cause and who decided it.
-- Exactly these rows are appended to the register when the build is published.
-- A member whose id changes because others were linked, merged or parted has the cause
-- of those it is with now, else of those it was with. `seen`: nothing happened to it.
with changes as (
    select
        *,
        case own_cause
            when 'merge' then 1
            when 'source_merge' then 2
            when 'split' then 3
            when 'link' then 4
            when 'unlink' then 5
            else 9
        end as cause_rank
    from {{ ref('int_member_changes') }}
),

led as (
    select
        *,
        {%- for group, place in [
            ('cluster_key', 'joined'), ('noted_customer_id', 'left'),
        ] %}
        {%- for column in ['own_cause', 'own_decided_by'] %}
        first_value({{ column }}) over (
            partition by {{ group }}
            order by cause_rank, member_key
        ) as {{ place }}_{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from changes
)

select
    member_key,
    customer_id,
    founder_key,
    company_key,
    case
        when own_cause is not null then own_cause
        when is_moved then coalesce(joined_own_cause, left_own_cause, 'move')
        else 'seen'
    end as cause,
    case
        when own_cause is not null then own_decided_by
        when is_moved and joined_own_cause is not null then joined_own_decided_by
        when is_moved and left_own_cause is not null then left_own_decided_by
        else 'rule'
    end as decided_by
from led
order by member_key
