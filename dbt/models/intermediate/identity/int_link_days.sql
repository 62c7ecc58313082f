-- Grain: one row per member that the register has with a company, and that company.
-- linked_on: the as-of date of the publication from which on the account was with it,
-- without a break; of a register without causes the first that noted it.
with noted as (
    select
        member_key,
        seq,
        publication_id,
        company_key,
        lag(company_key) over (
            partition by member_key
            order by seq
        ) as previous_company_key
    from {{ ref('stg_id_register') }}
    where cause is not null
),

begun as (
    select
        *,
        row_number() over (
            partition by member_key
            order by seq desc
        ) as from_last
    from noted
    where coalesce(company_key, '') <> coalesce(previous_company_key, '')
)

select
    member_key,
    company_key,
    {{ publication_day('publication_id') }} as linked_on
from begun
where from_last = 1
    and company_key is not null
