"""Reading the raw extracts: text files to cells, cells to values by the locale of their source.

A row is rejected with its reason, never repaired: a byte that the encoding does not have, a NUL,
more cells than the header, a cell that is not the number, day or word it should be, a missing
key, a reference to a record that was not accepted. Identical rows are one row.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from .records import World

Row = dict[str, str | None]
T = TypeVar("T")


class Rejected(ValueError):
    """Why a row is not accepted."""


class Reader:
    """The files of one source and the locale they are written in."""

    def __init__(
        self,
        folder: Path,
        *,
        world: World,
        source: str,
        delimiter: str = ",",
        encoding: str = "utf-8-sig",
        number: str = r"-?\d+(\.\d+)?",
        decimal_comma: bool = False,
        day_format: str = "%Y-%m-%d",
    ) -> None:
        self.folder, self.world, self.source = folder, world, source
        self.delimiter, self.encoding = delimiter, encoding
        self.pattern, self.decimal_comma = re.compile(number), decimal_comma
        self.day_format = day_format

    # cells

    def number(self, text: str | None) -> Decimal | None:
        if text is None:
            return None
        if not self.pattern.fullmatch(text):
            raise Rejected(f"not a number: {text!r}")
        if self.decimal_comma:
            text = text.replace(".", "").replace(",", ".")
        return Decimal(text)

    def amount(self, text: str | None) -> Decimal:
        value = self.number(text)
        if value is None:
            raise Rejected("an amount is missing")
        return value

    def day(self, text: str | None) -> date | None:
        if text is None:
            return None
        try:
            return datetime.strptime(text, self.day_format).date()
        except ValueError as error:
            raise Rejected(f"not a day: {text!r}") from error

    def needed_day(self, text: str | None) -> date:
        value = self.day(text)
        if value is None:
            raise Rejected("a day is missing")
        return value

    def key(self, *parts: str | None) -> str:
        if any(part is None for part in parts):
            raise Rejected("a key is missing")
        return f"{self.source}/{'-'.join(part for part in parts if part is not None)}"

    def optional_key(self, *parts: str | None) -> str | None:
        return None if any(part is None for part in parts) else self.key(*parts)

    # files

    def files(self, name: str) -> list[Path]:
        found = [
            path
            for path in self.folder.glob(f"{name}_2*.csv*")
            if path.name.endswith((".csv", ".csv.gz"))
        ]
        return sorted(found, key=lambda path: path.name)

    def newest(self, name: str) -> list[Row]:
        return list(self.rows(self.files(name)[-1]))

    def rows(self, path: Path) -> Iterator[Row]:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        text = content.decode(self.encoding, "surrogateescape")
        cells = csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter)
        header = next(cells)
        seen: set[tuple[str, ...]] = set()
        for values in cells:
            line = self.delimiter.join(values)
            if "\0" in line or any("\udc80" <= sign <= "\udcff" for sign in line):
                self.reject(path.name, values[0], "unreadable byte")
            elif len(values) != len(header):
                self.reject(path.name, values[0], "not as many cells as the header")
            elif tuple(values) not in seen:
                seen.add(tuple(values))
                yield {name: value or None for name, value in zip(header, values, strict=True)}

    def reject(self, where: str, key: str, why: str) -> None:
        self.world.rejected.append((f"{self.source}/{where}", key, why))

    def accept(self, name: str, rows: list[Row], read: Callable[[Row], T]) -> Iterator[T]:
        """The records that `read` makes of the rows; what it rejects is written down."""
        for row in rows:
            try:
                yield read(row)
            except Rejected as error:
                self.reject(name, str(next(iter(row.values()))), str(error))


def not_negative(value: Decimal | None) -> Decimal | None:
    if value is not None and value < 0:
        raise Rejected(f"below zero: {value}")
    return value


def choice(text: str | None, words: dict[str, str]) -> str:
    if text is None or text not in words:
        raise Rejected(f"not a known word: {text!r}")
    return words[text]


def known(key: str, records: dict[str, object] | set[str], what: str) -> str:
    if key not in records:
        raise Rejected(f"unknown {what}: {key}")
    return key
