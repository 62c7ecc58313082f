"""How the text of an extract is written: separators, encoding, numbers, dates.

Here: the declaration as a value. Not here: reading by it (reading), casting by it (casting).
"""

import codecs
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)


def as_list(value: Any) -> Any:
    """One value stated without its list."""
    return value if isinstance(value, list | tuple) else [value]


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, ZoneInfoNotFoundError):
        raise ValueError(f"no time zone is called {value!r}") from None
    return value


TimeZone = Annotated[str, AfterValidator(_known_zone)]
OneOrMore = Annotated[tuple[str, ...], BeforeValidator(
    as_list, json_schema_input_type=str | tuple[str, ...])]


class Strict(BaseModel):
    """A part of the configuration: frozen, and no key that it does not know.

    The text under a key describes it to people and to editors.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Dialect(Strict):
    """How the text of an extract is written. Anything else than declared is not guessed at."""

    format: Literal["csv", "parquet"] = "csv"
    """Delimited text, or Parquet, which is read by its own types."""
    skip: int = Field(default=0, ge=0)
    """Lines before the header that are no part of the table."""
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    """The character between cells."""
    quote: str = Field(default='"', max_length=1)
    """The character around a cell that holds a delimiter; empty: none."""
    encoding: str = "utf-8"
    """utf-8, utf-16, cp1252, latin-1 ..."""
    decimal: Literal[".", ","] = "."
    """What stands before the decimals."""
    thousands: Literal["", ".", ",", " ", "'"] = ""
    """What stands between groups of three digits."""
    date_format: OneOrMore = ("%Y-%m-%d",)
    """How dates are written, in strftime's codes; several are tried in turn."""
    timestamp_format: OneOrMore = ("%Y-%m-%d %H:%M:%S",)
    """How points in time are written; several are tried in turn."""
    time_zone: TimeZone = "UTC"
    """The zone of points in time without an offset of their own."""
    null_values: OneOrMore = ("",)
    """Words that mean: nothing is stated."""
    allow_empty: bool = False
    """Whether a full extract may have no rows."""

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            b"".decode(value)
            return codecs.lookup(value).name
        except LookupError:
            raise ValueError(f"no encoding is called {value!r}") from None

    @model_validator(mode="after")
    def _separators_differ(self) -> "Dialect":
        if self.decimal == self.thousands:
            raise ValueError(f"decimal and thousands are both {self.decimal!r}")
        return self


# Values that have types of their own (Parquet, inline rows) are written out as ISO text.
ISO = Dialect(
    format="parquet",
    date_format=("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f"),
    timestamp_format=("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d"))
