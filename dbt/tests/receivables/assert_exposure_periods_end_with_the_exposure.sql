-- The exposure that is computed backwards ends with the one of the as-of date.
select
    exposures.level,
    exposures.id,
    exposures.exposure,
    periods.exposure as exposure_of_the_last_period
from {{ ref('credit_exposure') }} as exposures
inner join {{ ref('int_exposure_periods') }} as periods
    on exposures.level = periods.level
        and exposures.id = periods.id
        and exposures.as_of_date < periods.valid_until
where exposures.exposure <> periods.exposure
