"""Rows as text for people and programs: CSV and JSON.

A CSV is opened in spreadsheets, which run text that starts like a formula: such text gets a
leading apostrophe unless it is asked for verbatim. JSON is for programs and stays verbatim.
"""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol, TextIO

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BATCH = 10_000


class Fetching(Protocol):
    """Anything that gives its rows in batches."""

    def fetchmany(self, size: int = ..., /) -> list[Any]:
        """The next rows, none at the end."""
        ...


@dataclass
class Rows:
    """Rows at hand, given in batches."""

    rows: Sequence[tuple[Any, ...]]
    position: int = 0

    def fetchmany(self, size: int = BATCH, /) -> list[tuple[Any, ...]]:
        """The next rows."""
        batch = list(self.rows[self.position:self.position + size])
        self.position += len(batch)
        return batch


def batches(found: Fetching) -> Iterator[tuple[Any, ...]]:
    """Every row of what gives them in batches."""
    while batch := found.fetchmany(BATCH):
        yield from batch


def stated(value: Any) -> str:
    """A value as text, of a decimal all its digits: `str` writes a zero of eight places as 0E-8."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def neutral(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula, made plain text."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def write_csv(out: TextIO, names: Sequence[str], found: Fetching, verbatim: bool) -> None:
    """Write rows as CSV with a header line."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in batches(found):
        writer.writerow([stated(value) if isinstance(value, Decimal)
                         else value if verbatim else neutral(value) for value in row])


def write_json(out: TextIO, names: Sequence[str], found: Fetching, _verbatim: bool) -> None:
    """Write rows as JSON lines; decimals and dates are strings, so that nothing is rounded."""
    for row in batches(found):
        out.write(json.dumps(dict(zip(names, row, strict=True)), default=stated,
                             ensure_ascii=False) + "\n")


WRITERS: dict[str, Callable[[TextIO, Sequence[str], Fetching, bool], None]] = {
    "csv": write_csv, "json": write_json}
