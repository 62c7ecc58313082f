"""Delimited text, by two readers with one result.

DuckDB reads what is plain; what is not (another encoding, embedded line breaks, malformed rows)
goes through the careful reader, which names every row it cannot read by its line.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import duckdb
import pyarrow.parquet as pq

from ..casting import literal
from .text import MAX_FIELD, NO_TEXT, UTF_8, File, Record, unreadable

DELIMITERS = ",;\t|"
# How files of other formats start: what they are called, and the format to declare.
OTHER_FORMATS = {"PK\x03\x04": ("an Excel workbook", "excel"), "{": ("JSON", "json"),
                 "[{": ("JSON", "json")}


def columns(file: File) -> tuple[str, ...]:
    """The names of the header. Raises DeliveryError where there is no usable header."""
    dialect = file.dialect
    line = dialect.skip + 1
    file.check_start()
    try:
        with file.text() as text:
            names: list[str] = next(_cells(file, text), [])
    except csv.Error as problem:
        raise file.refused(f"the header is not readable as {dialect.encoding} text: {problem}",
                           line) from None
    if not names:
        raise file.refused("there is no header in this line; if it stands further down, `skip` "
                           "says how many lines come before it", line)
    for start, (called, name) in OTHER_FORMATS.items():
        if names[0].startswith(start):
            raise file.refused(f"the file looks like {called}, the configuration declares csv; "
                               f"declare `format: {name}`", line)
    if any(map(NO_TEXT.search, names)):
        raise file.refused(f"the header is not {dialect.encoding} text; declare the encoding the "
                           "file is written in (cp1252, latin-1, utf-16 ...)", line)
    file.check_names(names, line)
    if len(names) <= 1:
        for other in DELIMITERS:
            if other != dialect.delimiter and names and other in names[0]:
                raise file.refused(
                    f"the header reads as one column; it looks delimited by {other!r}, the "
                    f"configuration declares {dialect.delimiter!r}", line)
    return tuple(n.strip() or f"column_{i}" for i, n in enumerate(names, 1))


def write_plain(file: File, names: tuple[str, ...], target: Path) -> int | None:
    """Rows written as text Parquet, or None where the file is not plain and nothing was.

    A row's line is then its position after the header.
    """
    dialect, shape = file.dialect, file.shape
    if shape.has_nul or dialect.encoding not in UTF_8 or dialect.skip:
        return None
    types = ", ".join(f"{literal(c)}: 'VARCHAR'" for c in names)
    quote = literal(dialect.quote)
    read = (f"read_csv({literal(str(file.blob))}, auto_detect=false, header=true, "
            f"strict_mode=true, delim={literal(dialect.delimiter)}, quote={quote}, "
            f"escape={quote}, columns={{{types}}}, nullstr='', max_line_size={MAX_FIELD})")
    with duckdb.connect(config={"memory_limit": "1GB"}) as con:
        try:
            con.execute(f"copy (select * from {read}) to {literal(str(target))} "
                        "(format parquet, compression zstd, row_group_size 122880)")
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            target.unlink(missing_ok=True)
            return None
    rows = int(pq.read_metadata(target).num_rows)
    # As many rows as lines: no blank ones, no line break within a field.
    lines = shape.newlines + (not shape.ends_with_newline) - 1
    return rows if rows == lines else None


def records(file: File, names: tuple[str, ...]) -> Iterator[Record]:
    """Each record with the line it starts on; blank lines are no records.

    Raises DeliveryError for a file that was cut off or has a quote that never ends.
    """
    width = len(names)
    shape, skipped = file.shape, file.dialect.skip
    last: tuple[int, int] = (1, width)
    with file.text() as text:
        reader = _cells(file, text)
        next(reader)
        while True:
            line = skipped + reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                if last[1] < width and not shape.ends_with_newline:
                    raise file.refused(
                        f"the file is cut off in its last record, at byte {shape.size} "
                        f"({last[1]} of {width} cells)", last[0]) from None
                return
            except csv.Error as problem:
                if "unexpected end of data" in str(problem):
                    raise file.refused(
                        f"a quoted field that starts there never ends (the file stops at byte "
                        f"{shape.size}): it was cut off, or a quote is missing", line) from None
                yield line, unreadable(line, f"not readable: {problem}", "")
                continue
            if cells:
                last = (line, len(cells))
                yield file.judged(line, cells, width)


def _cells(file: File, text: TextIO) -> Any:
    csv.field_size_limit(MAX_FIELD)
    dialect = file.dialect
    return csv.reader(file.lines(text), delimiter=dialect.delimiter,
                      quotechar=dialect.quote or None, doublequote=True, strict=True,
                      quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE)
