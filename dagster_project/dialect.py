"""How the text of an extract is written: separators, encoding, numbers, dates.

Here: the declaration as a value. Not here: reading by it (reading), casting by it (casting).
"""

import codecs
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
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


Format = Literal["csv", "json", "excel", "fixed", "parquet"]
# A field of a fixed-width line: its name, first and last character, counted from 1.
FixedField = tuple[str, int, int]


def _fields(value: Any) -> Any:
    """Fields stated as a mapping of names to [first, last]."""
    if not isinstance(value, dict):
        return value
    for name, place in value.items():
        if not (isinstance(place, list | tuple) and len(place) == 2
                and all(isinstance(n, int) for n in place) and 1 <= place[0] <= place[1]):
            raise ValueError(f"{name}: a field takes [first, last] character, counted from 1")
    return tuple((name, *place) for name, place in value.items())


Fields = Annotated[tuple[FixedField, ...], BeforeValidator(
    _fields, json_schema_input_type=dict[str, tuple[int, int]])]


class Conventions(Strict):
    """How a system writes its text. Anything else than declared is not guessed at."""

    format: Format = "csv"
    """Delimited text; JSON; a sheet; lines of fixed width; or Parquet, read by its own types."""
    skip: int = Field(default=0, ge=0)
    """Lines before the header (of fixed width: before the first record), or rows of a sheet."""
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
            "a".encode(value)  # base64 and the like are codecs, but of no text
            return codecs.lookup(value).name
        except LookupError:
            raise ValueError(f"no encoding is called {value!r}") from None

    @model_validator(mode="after")
    def _separators_differ(self) -> Self:
        if self.decimal == self.thousands:
            raise ValueError(f"decimal and thousands are both {self.decimal!r}")
        return self


class Dialect(Conventions):
    """How one extract is written: by which conventions, and where its table stands in a file."""

    records: str | None = None
    """json: where the list of records stands in one document, as dotted names."""
    explode: str | None = None
    """json: a list in each record that gives one row per element, as dotted names."""
    sheet: str | int | None = None
    """excel: the sheet's name, or its number counted from 1; the first if not stated."""
    fields: Fields = ()
    """fixed: the fields of a line, each with its first and last character, counted from 1."""


# After the exploded list's name: the column that says at which place an element stood in it.
PLACE = "#"
# Keys that not every format has.
KEYS_OF = {"skip": ("csv", "excel", "fixed"), "records": ("json",), "explode": ("json",),
           "sheet": ("excel",), "fields": ("fixed",)}

# Values that have types of their own (Parquet, inline rows) are written out as ISO text.
ISO = Dialect(
    format="parquet",
    date_format=("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f"),
    timestamp_format=("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d"))
WITH_OFFSET = ("%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M:%S.%f%z")


def as_read(declared: Dialect) -> Dialect:
    """The dialect of the text that reading a file makes: as declared, but for values with types.

    Parquet knows no other. A sheet has both: dates that are text are written as declared.
    Raises ValueError for a declared date that the text of a typed one could be mistaken for.
    """
    if declared.format == "parquet":
        return ISO.model_copy(update={
            "null_values": declared.null_values, "allow_empty": declared.allow_empty,
            "time_zone": declared.time_zone, "date_format": ISO.date_format + WITH_OFFSET,
            "timestamp_format": ISO.timestamp_format + WITH_OFFSET})
    if declared.format == "excel":
        for form in declared.date_format:
            if _read_by(form, "2025-11-12") not in (None, date(2025, 11, 12)):
                raise ValueError(f"date_format {form!r} reads 2025-11-12, the text of a date in a "
                                 "sheet, as another day")
        return declared.model_copy(update={
            key: tuple(dict.fromkeys(getattr(declared, key) + getattr(ISO, key)))
            for key in ("date_format", "timestamp_format")})
    return declared


def _read_by(form: str, text: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()
    except ValueError:
        return None
