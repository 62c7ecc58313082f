"""The kinds of field a contract table is made of, and the rules a field can carry.

One helper per kind (`text`, `money`, `day` ...), so that a model reads like the table it states. A
field with `null=` may be empty, and `null` says what empty means; else it must hold a value.
Not here: the tables themselves, and how rows are checked (checking.py).
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import pandera.polars as pa
import polars as pl
from pandera.api.dataframe.model_components import FieldInfo
from pandera.api.polars.types import PolarsData

Text = pl.Utf8
Day = pl.Date
Moment = Annotated[pl.Datetime, "us", None]
Flag = pl.Boolean
Whole = pl.Int32
Money = Annotated[pl.Decimal, 18, 4]
Quantity = Annotated[pl.Decimal, 18, 6]
Rate = Annotated[pl.Decimal, 18, 8]

# Outside these years a date is a placeholder (0001-01-01, 9999-12-31) or a slip, and would age or
# expire wrongly.
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)

# pandera writes its own report of failing values row by row in Python: for 200,000 rows that all
# fail it took 13 s and 1.5 GB, against 0.7 s with one value. checking.py reads the outcome instead.
REPORTED_VALUES = 1


def rule(name: str, message: str, test: Callable[[pl.Expr], pl.Expr]) -> pa.Check:
    """A rule on one column. `message` goes on "column: 'value' ..."; a null breaks no such rule."""

    def holds(data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(test(pl.col(data.key)))

    return pa.Check(holds, name=name, error=message, n_failure_cases=REPORTED_VALUES)


def row_rule(name: str, message: str, test: pl.Expr) -> Any:
    """A rule on columns of one row. `message` names them in braces: "{end} is before {start}"."""

    def holds(model: type, data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(test)

    return pa.dataframe_check(holds, name=name, error=message, n_failure_cases=REPORTED_VALUES)


def not_before(later: str, earlier: str) -> Any:
    """Row rule: `later` is on or after `earlier`, where both are known."""
    return row_rule(
        f"{later}_not_before_{earlier}",
        f"{{{later}}} is before {{{earlier}}}",
        pl.col(later) >= pl.col(earlier),
    )


def not_below(high: str, low: str) -> Any:
    """Row rule: `high` is at least `low`, where both are known."""
    return row_rule(
        f"{high}_not_below_{low}",
        f"{{{high}}} is below {{{low}}}",
        pl.col(high) >= pl.col(low),
    )


def one_of(*values: str | int) -> pa.Check:
    listed = ", ".join(str(value) for value in values)
    return rule("one_of", f"is not one of {listed}", lambda column: column.is_in(values))


def between(low: int, high: int) -> pa.Check:
    return rule(
        "range", f"is not between {low} and {high}", lambda column: column.is_between(low, high)
    )


def matches(name: str, message: str, pattern: str) -> pa.Check:
    return rule(name, message, lambda column: column.str.contains(pattern))


def positive() -> pa.Check:
    return rule("positive", "is not greater than 0", lambda column: column > 0)


def not_negative() -> pa.Check:
    return rule("not_negative", "is less than 0", lambda column: column >= 0)


def _not_blank() -> pa.Check:
    return rule("not_blank", "is blank", lambda column: column.str.strip_chars() != "")


def _within_calendar(first: dt.date, beyond: dt.date) -> pa.Check:
    return rule(
        "calendar",
        f"is not a date from {FIRST_DAY} to {LAST_DAY}",
        lambda column: column.is_between(first, beyond, closed="left"),
    )


def _field(
    description: str,
    *,
    null: str | None,
    key: bool = False,
    unit: str | None = None,
    refers: str | None = None,
    personal: str | tuple[str, ...] = (),
    rules: Sequence[pa.Check] = (),
) -> Any:
    return FieldInfo(
        checks=list(rules),
        nullable=null is not None,
        nullable_explicit=True,
        description=description if null is None else f"{description} Null: {null}.",
        metadata={
            "key": key,
            "unit": unit,
            "refers": refers,
            "personal": (personal,) if isinstance(personal, str) else personal,
        },
    )


def text(
    description: str,
    *rules: pa.Check,
    null: str | None = None,
    key: bool = False,
    refers: str | None = None,
    personal: str | tuple[str, ...] = (),
) -> Any:
    """Text. `refers` names the table of the same source whose key it must be found in.

    `personal` names the columns of the row that say whom the text tells about: it goes when that
    person is erased.
    """
    if key and not rules:
        rules = (_not_blank(),)
    return _field(description, null=null, key=key, refers=refers, personal=personal, rules=rules)


def currency(description: str, *, null: str | None = None, key: bool = False) -> Any:
    code = matches("currency_code", "is not a currency code of three capital letters", "^[A-Z]{3}$")
    return _field(description, null=null, key=key, unit="ISO 4217 code", rules=[code])


def country(description: str, *, null: str | None = None) -> Any:
    code = matches("country_code", "is not a country code of two capital letters", "^[A-Z]{2}$")
    return _field(description, null=null, unit="ISO 3166 alpha-2 code", rules=[code])


def day(description: str, *, null: str | None = None, key: bool = False) -> Any:
    """A calendar day in ledger time, without a time zone."""
    rules = [_within_calendar(FIRST_DAY, LAST_DAY + dt.timedelta(days=1))]
    return _field(description, null=null, key=key, unit="date", rules=rules)


def moment(description: str, *, null: str | None = None, key: bool = False) -> Any:
    """A point in time, in UTC."""
    first = dt.datetime.combine(FIRST_DAY, dt.time())
    beyond = dt.datetime.combine(LAST_DAY + dt.timedelta(days=1), dt.time())
    rules = [_within_calendar(first, beyond)]
    return _field(description, null=null, key=key, unit="UTC timestamp", rules=rules)


def flag(description: str, *, null: str | None = None) -> Any:
    return _field(description, null=null)


def whole(
    description: str,
    *rules: pa.Check,
    unit: str | None = None,
    null: str | None = None,
    key: bool = False,
) -> Any:
    return _field(description, null=null, key=key, unit=unit, rules=rules)


def days(description: str, *, null: str | None = None) -> Any:
    return whole(description, not_negative(), unit="days", null=null)


def money(description: str, *rules: pa.Check, unit: str, null: str | None = None) -> Any:
    """An amount; `unit` names its currency."""
    return _field(description, null=null, unit=unit, rules=rules)


def quantity(
    description: str,
    *rules: pa.Check,
    unit: str = "unit of measure of the line",
    null: str | None = None,
    key: bool = False,
) -> Any:
    return _field(description, null=null, key=key, unit=unit, rules=rules)


def rate(description: str, *rules: pa.Check, unit: str, null: str | None = None) -> Any:
    return _field(description, null=null, unit=unit, rules=rules)


def exchange_rate(description: str) -> Any:
    return rate(description, positive(), unit="base units for one document unit")


def discount_pct(description: str, *, null: str) -> Any:
    return rate(description, between(0, 100), unit="percent", null=null)


# The lists whose codes both systems use.
SHARED_LISTS = (
    "salesperson",
    "shipping_method",
    "payment_terms",
    "tax_code",
    "price_list",
    "uom",
    "currency",
    "territory",
    "item",
)

SHIP_TO = {
    "line1": "First address line the goods go to.",
    "line2": "Second address line the goods go to.",
    "city": "Town the goods go to.",
    "region": "State, province or county the goods go to.",
    "postcode": "Postcode the goods go to.",
}


def ship_to(part: str, *, personal: str) -> Any:
    """One part of a delivery address; a null part is left to the customer's own address."""
    return text(SHIP_TO[part], null="not stated for this document", personal=personal)


def ship_to_country() -> Any:
    return country("Country the goods go to.", null="not stated for this document")
