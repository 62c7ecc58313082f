-- Grain: one row per ERP account, with the one company it is linked to, or why none.
with accounts as (
    select * from {{ ref('stg_erp_account') }}
),

links as (
    select * from {{ ref('int_match_links') }}
),

companies as (
    select
        company_key,
        company_name
    from {{ ref('int_companies') }}
),

questions as (
    select
        questions.account_key,
        max(case when questions.reason = 'tie' then 1 else 0 end) = 1 as is_tie,
        {{ joined_text(
            "questions.company_key || ' ' || companies.company_name || ': '"
            ~ " || questions.evidence",
            'questions.claim_rank asc nulls last, questions.match_weight desc nulls last,'
            ~ ' questions.company_key'
        ) }} as candidates
    from {{ ref('int_match_questions') }} as questions
    inner join companies on questions.company_key = companies.company_key
    group by questions.account_key
),

rejections as (
    select
        account_key,
        {{ joined_text("company_key || ': ' || evidence", 'company_key') }}
            as rejections
    from {{ ref('int_match_decisions') }}
    where decision = 'reject'
    group by account_key
),

splits as (
    select
        account_key,
        'every company: ' || evidence as rejections
    from {{ ref('int_split_accounts') }}
)

select
    accounts.account_key,
    links.company_key,
    case
        when splits.account_key is not null then 'split'
        when links.company_key is not null then 'linked'
        when questions.is_tie then 'tie'
        when questions.account_key is not null then 'review'
        when rejections.account_key is not null then 'rejected'
        else 'unlinked'
    end as match_status,
    links.match_tier,
    cast(links.match_probability as decimal(5, 4)) as match_score,
    links.evidence,
    links.compared,
    case when links.company_key is not null then coalesce(links.decided_by, 'rule')
    end as decided_by,
    links.decided_on as linked_since,
    coalesce(links.company_key is not null and questions.account_key is not null, false)
        as is_conflict,
    questions.candidates,
    {{ text_or_null("concat_ws('; ', splits.rejections, rejections.rejections)") }}
        as rejections
from accounts
left join links on accounts.account_key = links.account_key
left join questions on accounts.account_key = questions.account_key
left join rejections on accounts.account_key = rejections.account_key
left join splits on accounts.account_key = splits.account_key
