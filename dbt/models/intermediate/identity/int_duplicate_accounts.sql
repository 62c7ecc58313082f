-- Grain: one row per account and the account of the same ledger company it seems to be
-- a duplicate of.
-- The same name, or nearly, at the same place, and evidence that would link an account
-- to a company, or the same number. Branches share numbers, names and domains, but no
-- place; an account that bills to the other, or has it for a parent, was opened on
-- purpose.
-- Kept is the account that still exists, is not blocked, has most documents, else the
-- one with the smallest key.
with accounts as (
    select * from {{ ref('int_accounts') }}
),

documents as (
    select
        account_key,
        count(*) as documents
    from {{ ref('int_documents') }}
    group by account_key
),

pairs as (
    select
        *,
        {{ match_kind('pairs') }} as kind
    from {{ ref('stg_match_pair') }} as pairs
    where pairs.left_side = 'account'
        and pairs.right_side = 'account'
),

alike as (
    select
        pairs.left_key,
        pairs.right_key,
        case
            when pairs.number_level = 'same' then 'same number, name and place'
            else {{ match_kind_text('pairs.kind') }}
        end as evidence,
        {{ compared_text('pairs') }} as compared,
        pairs.match_probability
    from pairs
    inner join accounts as lefts on pairs.left_key = lefts.account_key
    inner join accounts as rights on pairs.right_key = rights.account_key
    where lefts.entity_key = rights.entity_key
        and {{ is_name_near('pairs') }}
        and pairs.number_level <> 'different'
        and pairs.street_level <> 'different'
        and pairs.postcode_level not in ('same_city', 'different')
        and (pairs.number_level = 'same' or pairs.kind is not null)
        and lefts.bill_to_account_key <> rights.account_key
        and rights.bill_to_account_key <> lefts.account_key
        and coalesce(lefts.parent_account_key <> rights.account_key, true)
        and coalesce(rights.parent_account_key <> lefts.account_key, true)
),

ranked as (
    select
        accounts.account_key,
        cast(coalesce(documents.documents, 0) as integer) as documents,
        row_number() over (
            order by
                case when accounts.deleted_on is null then 0 else 1 end,
                case when {{ is_blocked('accounts.status') }} then 1 else 0 end,
                coalesce(documents.documents, 0) desc,
                accounts.account_key
        ) as place
    from accounts
    left join documents on accounts.account_key = documents.account_key
)

select
    duplicates.account_key,
    duplicates.documents,
    survivors.account_key as survivor_key,
    survivors.documents as survivor_documents,
    alike.evidence,
    alike.compared,
    alike.match_probability
from alike
inner join ranked as lefts on alike.left_key = lefts.account_key
inner join ranked as rights on alike.right_key = rights.account_key
inner join ranked as survivors
    on case when lefts.place < rights.place then alike.left_key else alike.right_key end
        = survivors.account_key
inner join ranked as duplicates
    on case when lefts.place < rights.place then alike.right_key else alike.left_key end
        = duplicates.account_key
