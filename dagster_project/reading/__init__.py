"""Reading delivered files: bytes of a landed file → text Parquet, one column per header name.

Cells stay text, exactly as delivered; a record that cannot be read is named by its line. Each
format has a module of its own (delimited, ...) that gives a file's columns and its records.
Not here: casts, null words (mapping).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from ..current_state import DELETED_ON, LINEAGE
from ..dialect import Dialect
from ..loads import LINE, Unreadable
from . import delimited, fixed_width, json_records, parquet, sheets
from .text import File, Record

# Few rows are Python objects at a time; wide ones fill a row group before there are many.
BATCH_ROWS = 2_000
GROUP_BATCHES = 30
GROUP_BYTES = 1 << 26


class Format(Protocol):
    """What a module says of a file of its format."""

    def columns(self, file: File) -> tuple[str, ...]:
        """The columns' names. Raises DeliveryError for a file that is no such file."""

    def records(self, file: File, names: tuple[str, ...]) -> Iterator[Record]:
        """Its records, in order. Raises DeliveryError for a file that is broken as a whole."""


FORMATS: dict[str, Format] = {"csv": delimited, "json": json_records, "excel": sheets,
                             "fixed": fixed_width}


@dataclass(frozen=True)
class Parsed:
    """One file as text Parquet, and the records of it that cannot be read.

    `records` counts what the file holds: `rows` and the unreadable, unless a record gives several
    rows or none.
    """

    path: Path
    columns: tuple[str, ...]
    rows: int
    unreadable: tuple[Unreadable, ...]
    records: int
    has_lines: bool
    ends_with_newline: bool


def read_header(blob: Path, where: str, dialect: Dialect) -> tuple[str, ...]:
    """The column names of a landed file. Raises DeliveryError where there is no usable header."""
    return _columns(File(blob, where, dialect))


def parse(blob: Path, where: str, dialect: Dialect, target: Path, *,
          careful: bool = False) -> Parsed:
    """Write a landed file as text Parquet at `target`.

    Raises DeliveryError for a file that is broken as a whole (truncated, unterminated quote).
    """
    file = File(blob, where, dialect)
    names = _columns(file)
    if dialect.format == "parquet":
        rows = parquet.write(file, names, target)
        return Parsed(target, names, rows, (), rows, True, True)
    if dialect.format == "csv" and not careful:
        plain = delimited.write_plain(file, names, target)
        if plain is not None:
            return Parsed(target, names, plain, (), plain, False, file.shape.ends_with_newline)
    file.check_not_utf_8()
    rows, records, unreadable = _write(FORMATS[dialect.format].records(file, names), names, target)
    # What is read at all of JSON and of sheets is whole, however it ends.
    ends = dialect.format not in ("csv", "fixed") or file.shape.ends_with_newline
    return Parsed(target, names, rows, tuple(unreadable), records, True, ends)


def _columns(file: File) -> tuple[str, ...]:
    """The names of a file's columns, told apart as SQL does: without regard to case."""
    if file.dialect.format == "parquet":
        names = parquet.columns(file)
    else:
        names = FORMATS[file.dialect.format].columns(file)
    line = file.dialect.skip + 1
    folded = [n.casefold() for n in names]
    if twice := sorted({n for n in names if folded.count(n.casefold()) > 1}):
        raise file.refused(f"column names stand twice: {', '.join(twice)}; rename one of each, or "
                           "have it sent with names that differ", line)
    if taken := sorted({*folded} & {*LINEAGE, DELETED_ON}):
        raise file.refused(f"{', '.join(taken)} are names that the product gives to the origin "
                           "of a row; rename the columns", line)
    return names


def _write(records: Iterable[Record], names: tuple[str, ...],
           target: Path) -> tuple[int, int, list[Unreadable]]:
    """Write what can be read, in batches; how many rows and records, and what cannot be read."""
    schema = pa.schema([(name, pa.string()) for name in names] + [(LINE, pa.int64())])
    unreadable: list[Unreadable] = []
    counted = last = 0

    def readable() -> Iterator[list[Any]]:
        nonlocal counted, last
        for line, cells in records:
            if line != last:
                counted, last = counted + 1, line
            if isinstance(cells, Unreadable):
                unreadable.append(cells)
            elif cells is not None:
                yield [*cells, line]

    rows, written = readable(), 0
    with pq.ParquetWriter(target, schema, compression="zstd") as out:
        group: list[pa.RecordBatch] = []
        while batch := list(islice(rows, BATCH_ROWS)):
            arrays = [pa.array(list(values), type=field.type)
                      for values, field in zip(zip(*batch, strict=True), schema, strict=True)]
            group.append(pa.record_batch(arrays, schema=schema))
            written += len(batch)
            if (len(group) == GROUP_BATCHES
                    or sum(part.nbytes for part in group) > GROUP_BYTES):
                out.write_table(pa.Table.from_batches(group))
                group.clear()
        if group:
            out.write_table(pa.Table.from_batches(group))
    return written, counted, unreadable
