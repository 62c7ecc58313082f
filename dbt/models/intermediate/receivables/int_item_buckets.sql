-- Grain: one row per ageing profile and item that is open at the as-of date.
-- A calendar month's age: month of the as-of date less month of the date aged from.
-- What is dated on or after the as-of date is not due. Credits stand apart, or, where
-- the profile says so, are aged by their own document date.
with open_items as (
    select * from {{ ref('int_open_items') }}
    where is_current
),

buckets as (
    select * from {{ ref('int_ageing_buckets') }}
),

profiles as (
    select distinct
        profile,
        basis,
        credits,
        age_unit
    from buckets
),

dated as (
    select
        profiles.profile,
        profiles.basis,
        profiles.credits,
        profiles.age_unit,
        open_items.open_item_key,
        open_items.as_of_date,
        case
            when not {{ is_credit_item('open_items') }}
                then {{ basis_date('profiles.basis', 'open_items') }}
            when profiles.credits = 'aged' then open_items.document_date
        end as aged_from
    from open_items
    cross join profiles
),

aged as (
    select
        *,
        case age_unit
            when 'day' then {{ days_between('aged_from', 'as_of_date') }}
            when 'month' then {{ months_between('aged_from', 'as_of_date') }}
        end as age
    from dated
)

select
    aged.profile,
    aged.basis,
    aged.credits,
    aged.age_unit,
    aged.open_item_key,
    case
        when aged.aged_from is null then -1
        when buckets.bucket_no is null then 0
        else buckets.bucket_no
    end as bucket_no,
    case
        when aged.aged_from is null then 'unallocated credit'
        when buckets.bucket_no is null then 'not due'
        else buckets.bucket
    end as bucket,
    buckets.from_age,
    buckets.to_age
from aged
left join buckets
    on aged.profile = buckets.profile
        and aged.aged_from < aged.as_of_date
        and aged.age >= buckets.from_age
        and aged.age <= coalesce(buckets.to_age, aged.age)
