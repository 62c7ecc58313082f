-- Grain: one row per publication, event, customer id that lost members, id that has
-- them now, and who decided.
-- Source: the register of ids, and what this build adds to it.
-- Of a register without causes the ids tell: merge: the id that lost them holds nobody
-- any more; split: the id that gained them is as new as the event; else move.
with assignments as (
    select
        seq,
        publication_id,
        member_key,
        customer_id,
        cause,
        decided_by
    from {{ ref('stg_id_register') }}
    union all
    select
        latest.last_seq + 1 as seq,
        run_context.publication_id,
        added.member_key,
        added.customer_id,
        added.cause,
        added.decided_by
    from {{ ref('int_id_register_next') }} as added
    cross join {{ ref('stg_run_context') }} as run_context
    cross join (
        select coalesce(max(seq), 0) as last_seq
        from {{ ref('stg_id_register') }}
    ) as latest
),

publications as (
    select
        publication_id,
        min(seq) as first_seq,
        max(seq) as last_seq
    from assignments
    group by publication_id
),

held as (
    select
        *,
        lag(customer_id) over (
            partition by member_key
            order by seq
        ) as previous_id,
        lead(seq) over (
            partition by member_key
            order by seq
        ) as next_seq,
        min(seq) over (partition by customer_id) as id_first_seq
    from assignments
),

changes as (
    select
        held.publication_id,
        held.previous_id as from_customer_id,
        held.customer_id as to_customer_id,
        held.cause,
        held.decided_by,
        publications.first_seq,
        publications.last_seq,
        min(held.id_first_seq) as id_first_seq,
        count(*) as members,
        {{ joined_text('held.member_key', 'held.member_key') }} as member_keys
    from held
    inner join publications on held.publication_id = publications.publication_id
    where held.cause <> 'seen'
        or (held.cause is null and held.previous_id <> held.customer_id)
    group by
        held.publication_id,
        held.previous_id,
        held.customer_id,
        held.cause,
        held.decided_by,
        publications.first_seq,
        publications.last_seq
),

-- Members that hold an id, from the event of getting it to that of losing it.
stays as (
    select
        customer_id,
        seq as from_seq,
        next_seq
    from held
),

still_held as (
    select distinct
        changes.publication_id,
        changes.from_customer_id
    from changes
    inner join stays
        on changes.from_customer_id = stays.customer_id
            and changes.last_seq >= stays.from_seq
            and coalesce(changes.last_seq < stays.next_seq, true)
)

select
    changes.publication_id,
    case
        when changes.cause is not null then changes.cause
        when still_held.from_customer_id is null then 'merge'
        when changes.id_first_seq >= changes.first_seq then 'split'
        else 'move'
    end as event,
    changes.from_customer_id,
    changes.to_customer_id,
    coalesce(changes.decided_by, 'not noted') as decided_by,
    cast(changes.members as integer) as members,
    changes.member_keys,
    cast(changes.first_seq as bigint) as happened_at_seq
from changes
left join still_held
    on changes.publication_id = still_held.publication_id
        and changes.from_customer_id = still_held.from_customer_id
