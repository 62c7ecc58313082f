-- Grain: one row per company, account or decision of a steward and rule it breaks.
with companies as (
    select
        stated.source,
        stated.company_key,
        known.is_merge_circle,
        known.is_merge_unknown,
        circles.member_key is not null as is_parent_circle,
        stated.parent_company_id is not null
        and (
            parents.company_key is null
            or parents.company_key = stated.company_key
        ) as is_parent_unknown
    from {{ ref('stg_crm_company') }} as stated
    inner join {{ ref('int_companies') }} as known
        on stated.company_key = known.company_key
    left join {{ ref('int_parent_circles') }} as circles
        on {{ member_key('company', 'stated.company_key') }} = circles.member_key
    left join {{ ref('stg_crm_company') }} as parents
        on stated.parent_company_key = parents.company_key
),

accounts as (
    select
        stated.source,
        stated.account_key,
        known.bill_to_missing,
        account_customer.match_status = 'tie' as is_tie,
        account_customer.match_status = 'review' as is_in_review,
        account_customer.is_conflict,
        circles.member_key is not null as is_parent_circle,
        stated.parent_account_id is not null
        and (
            parents.account_key is null
            or parents.account_key = stated.account_key
        ) as is_parent_unknown
    from {{ ref('stg_erp_account') }} as stated
    inner join {{ ref('int_accounts') }} as known
        on stated.account_key = known.account_key
    inner join {{ ref('int_account_customer') }} as account_customer
        on stated.account_key = account_customer.account_key
    left join {{ ref('int_parent_circles') }} as circles
        on {{ member_key('account', 'stated.account_key') }} = circles.member_key
    left join {{ ref('stg_erp_account') }} as parents
        on stated.parent_account_key = parents.account_key
),

duplicates as (
    select
        companies.source,
        companies.company_key
    from {{ ref('int_duplicate_companies') }} as pairs
    inner join companies on pairs.company_key = companies.company_key
    union
    select
        companies.source,
        companies.company_key
    from {{ ref('int_duplicate_companies') }} as pairs
    inner join companies on pairs.survivor_key = companies.company_key
),

duplicate_accounts as (
    select
        accounts.source,
        accounts.account_key
    from {{ ref('int_duplicate_accounts') }} as pairs
    inner join accounts
        on pairs.account_key = accounts.account_key
    union
    select
        accounts.source,
        accounts.account_key
    from {{ ref('int_duplicate_accounts') }} as pairs
    inner join accounts
        on pairs.survivor_key = accounts.account_key
),

features as (
    select
        *,
        {{ key_of('record_id') }} as record_key
    from {{ ref('stg_identity_feature') }}
),

known_words as (
    select
        stored_in,
        word,
        case stored_in when 'crm' then company_key else account_key end as record_key
    from {{ ref('int_cross_references') }}
),

unknown_words as (
    select distinct
        words.source,
        words.record_key,
        words.stored_in
    from {{ ref('int_reference_words') }} as words
    left join known_words
        on words.stored_in = known_words.stored_in
            and words.word = known_words.word
            and words.record_key = known_words.record_key
    where known_words.word is null
),

-- On the left is an account; a company where it is merged or split.
unknown_decisions as (
    select
        decisions.source,
        decisions.account_key || ' = ' || decisions.company_key as record_key
    from {{ ref('stg_match_decision') }} as decisions
    left join accounts
        on case when decisions.decision <> 'merge' then decisions.account_key end
            = accounts.account_key
    left join companies on decisions.company_key = companies.company_key
    left join companies as merged
        on case
            when decisions.decision in ('merge', 'split') then decisions.account_key
        end = merged.company_key
    where (accounts.account_key is null and merged.company_key is null)
        or (
            companies.company_key is null
            and not (
                decisions.decision = 'split'
                and decisions.company_id = '*'
                and accounts.account_key is not null
            )
        )
),

contradicted as (
    select * from {{ ref('int_contradicted_decisions') }}
),

unknown_groups as (
    select
        stated.source,
        stated.group_id || ' = ' || stated.company_key as record_key
    from {{ ref('stg_customer_group') }} as stated
    left join companies on stated.company_key = companies.company_key
    where companies.company_key is null
)

{%- set rules = [
    ('companies', 'company', 'company_key', 'merged_in_a_circle', 'is_merge_circle'),
    ('companies', 'company', 'company_key', 'merged_into_unknown', 'is_merge_unknown'),
    ('companies', 'company', 'company_key', 'parent_unknown', 'is_parent_unknown'),
    ('companies', 'company', 'company_key', 'parent_circle', 'is_parent_circle'),
    ('duplicates', 'company', 'company_key', 'duplicate_company', 'true'),
    (
        'unknown_words', 'company', 'record_key', 'reference_unknown',
        "stored_in = 'crm'",
    ),
    ('accounts', 'account', 'account_key', 'match_tie', 'is_tie'),
    ('accounts', 'account', 'account_key', 'match_review', 'is_in_review'),
    ('accounts', 'account', 'account_key', 'match_conflict', 'is_conflict'),
    ('duplicate_accounts', 'account', 'account_key', 'duplicate_account', 'true'),
    ('accounts', 'account', 'account_key', 'parent_unknown', 'is_parent_unknown'),
    ('accounts', 'account', 'account_key', 'parent_circle', 'is_parent_circle'),
    ('accounts', 'account', 'account_key', 'bill_to_unknown', 'bill_to_missing'),
    (
        'unknown_words', 'account', 'record_key', 'reference_unknown',
        "stored_in = 'erp'",
    ),
] %}
{%- for side in ['company', 'account'] %}
    {%- for number in ['vat', 'registration'] %}
        {%- do rules.append((
            'features', side, 'record_key', number ~ '_number_invalid',
            "side = '" ~ side ~ "' and " ~ number ~ "_status = 'invalid'",
        )) %}
    {%- endfor %}
{%- endfor %}
{%- for relation, side, key, check, broken in rules %}
{{ flagged(
    relation, 'crm_company' if side == 'company' else 'erp_account',
    key, check, broken, side
) }}
union all
{%- endfor %}
{{ flagged(
    'unknown_decisions', 'match_decision', 'record_key', 'record_unknown', 'true'
) }}
union all
{{ flagged(
    'contradicted', 'match_decision', 'record_key', 'decision_contradicted', 'true'
) }}
union all
{{ flagged(
    'unknown_groups', 'customer_group', 'record_key', 'company_unknown', 'true'
) }}
