-- While something a letter asked for is open, no letter of its level or a lower one is
-- due, and none more than one step of the policy above the last: without one, the
-- first.
with letters as (
    select * from {{ ref('collection_letters') }}
),

policy as (
    select distinct level
    from {{ ref('stg_dunning_policy') }}
),

asked_before as (
    select
        account_key,
        currency,
        max(level) as level
    from {{ ref('int_dunning_event_items') }}
    group by account_key, currency
),

steps as (
    select
        letters.letter_id,
        count(policy.level) as levels_between
    from letters
    left join asked_before
        on letters.account_key = asked_before.account_key
            and letters.currency = asked_before.currency
    left join policy
        on letters.level > policy.level
            and coalesce(asked_before.level, 0) < policy.level
    group by letters.letter_id
)

select
    letters.letter_id,
    letters.level,
    asked_before.level as last_level,
    steps.levels_between
from letters
inner join steps on letters.letter_id = steps.letter_id
left join asked_before
    on letters.account_key = asked_before.account_key
        and letters.currency = asked_before.currency
where letters.level <= asked_before.level
    or steps.levels_between > 0
