-- Grain: one row per account and surviving company whose records were compared.
-- Weights are bits of evidence (log2 of how much likelier the field's outcome is where
-- both are one organisation), the score a probability. kind: the evidence that could
-- link; contradiction: why it must not. Of several records of one company the one whose
-- evidence nothing contradicts counts, then one with evidence, then the strongest kind,
-- then the best score.
with pairs as (
    select
        *,
        {{ match_kind('pairs') }} as kind
    from {{ ref('stg_match_pair') }} as pairs
    where pairs.left_side = 'account'
        and pairs.right_side = 'company'
),

companies as (
    select
        company_key,
        surviving_company_key
    from {{ ref('int_companies') }}
),

accounts as (
    select account_key from {{ ref('stg_erp_account') }}
),

graded as (
    select
        pairs.left_key as account_key,
        companies.surviving_company_key as company_key,
        pairs.right_key as compared_company_key,
        pairs.kind,
        {{ match_contradiction('pairs', 'pairs.kind') }} as contradiction,
        {{ compared_text('pairs') }} as compared,
        {{ is_name_near('pairs') }} as is_name_near,
        pairs.match_weight,
        pairs.match_probability
    from pairs
    inner join companies on pairs.right_key = companies.company_key
    inner join accounts on pairs.left_key = accounts.account_key
),

ranked as (
    select
        *,
        row_number() over (
            partition by account_key, company_key
            order by
                case
                    when kind is null then 2
                    when contradiction is null then 0
                    else 1
                end,
                coalesce({{ match_tier_rank('kind') }}, 9),
                match_weight desc,
                compared_company_key
        ) as choice
    from graded
)

select
    account_key,
    company_key,
    kind,
    {{ match_tier_rank('kind') }} as tier_rank,
    contradiction,
    compared,
    is_name_near,
    match_weight,
    match_probability
from ranked
where choice = 1
