-- Grain: one row per pair of currencies and period. Source: fx_rate.
-- 1 unit of from_currency = `rate` units of to_currency, from valid_from up to and
-- without valid_until. The direct rate wins; the inverse serves only where no direct
-- rate is known yet; every currency seen anywhere has the rate 1 to itself.
with fx_rate as (
    select * from {{ ref('stg_fx_rate') }}
),

source_info as (
    select * from {{ ref('stg_source_info') }}
),

currencies as (
    select * from {{ ref('int_currencies') }}
),

-- Two sources may state one pair on one day: the ledger's rate, then the steward's.
stated as (
    select
        fx_rate.from_currency,
        fx_rate.to_currency,
        fx_rate.rate_date,
        fx_rate.rate,
        row_number() over (
            partition by
                fx_rate.from_currency,
                fx_rate.to_currency,
                fx_rate.rate_date
            order by
                case source_info.role
                    when 'erp' then 0
                    when 'steward' then 1
                    else 2
                end,
                fx_rate.source
        ) as choice
    from fx_rate
    left join source_info on fx_rate.source = source_info.source
    where fx_rate.rate > 0
        and fx_rate.from_currency <> fx_rate.to_currency
),

direct as (
    select
        from_currency,
        to_currency,
        rate_date as valid_from,
        lead(rate_date, 1, {{ last_day_ever() }}) over (
            partition by from_currency, to_currency
            order by rate_date
        ) as valid_until,
        {{ fx_rate('rate') }} as rate
    from stated
    where choice = 1
),

first_direct as (
    select
        from_currency,
        to_currency,
        min(valid_from) as known_from
    from direct
    group by from_currency, to_currency
),

inverse as (
    select
        direct.to_currency as from_currency,
        direct.from_currency as to_currency,
        direct.valid_from,
        least(
            direct.valid_until,
            coalesce(first_direct.known_from, {{ last_day_ever() }})
        ) as valid_until,
        {{ inverse_rate('direct.rate') }} as rate
    from direct
    left join first_direct
        on direct.to_currency = first_direct.from_currency
            and direct.from_currency = first_direct.to_currency
),

identity as (
    select
        currency as from_currency,
        currency as to_currency,
        {{ first_day_ever() }} as valid_from,
        {{ last_day_ever() }} as valid_until,
        {{ fx_rate('1') }} as rate
    from currencies
)

select
    from_currency,
    to_currency,
    valid_from,
    valid_until,
    rate,
    false as is_inverse
from direct
union all
select
    from_currency,
    to_currency,
    valid_from,
    valid_until,
    rate,
    true as is_inverse
from inverse
where valid_from < valid_until
union all
select
    from_currency,
    to_currency,
    valid_from,
    valid_until,
    rate,
    false as is_inverse
from identity
