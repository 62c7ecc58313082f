"""Reading delivered text: bytes of a landed file → text Parquet, one column per header name.

Two readers, one result: DuckDB reads what is plain; what is not (another encoding, embedded line
breaks, malformed rows) goes through the careful reader, which names every row it cannot read by
its line. Cells stay text, exactly as delivered. Not here: casts, null words (mapping).
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from .casting import literal, quoted
from .current_state import DELETED_ON, LINEAGE
from .dialect import Dialect
from .errors import DeliveryError
from .loads import LINE, Unreadable

BATCH_ROWS = 50_000
MAX_FIELD = 1 << 20
# A longer line is no line: a file of one line without end must not fill the memory.
MAX_LINE = 1 << 24
DELIMITERS = ",;\t|"
UTF_8 = ("utf-8", "utf-8-sig")
NOTHING = "Nothing was loaded; the last publication stays current."
CUT_OFF = "the compressed file is cut off or damaged"
BROKEN = (EOFError, OSError, zlib.error, pa.ArrowInvalid)


@dataclass(frozen=True)
class Parsed:
    """One file as text Parquet. `rows` + len(`unreadable`) = records read."""

    path: Path
    columns: tuple[str, ...]
    rows: int
    unreadable: tuple[Unreadable, ...]
    has_lines: bool
    ends_with_newline: bool


@dataclass(frozen=True)
class Shape:
    """What one pass over a file's bytes tells about it."""

    newlines: int
    has_nul: bool
    ends_with_newline: bool
    size: int


@contextmanager
def open_bytes(blob: Path) -> Iterator[Any]:
    """A landed blob as the bytes of the text file it holds."""
    if blob.suffix == ".gz":
        with gzip.open(blob, "rb") as file:
            yield file
    elif blob.suffix == ".zst":
        with pa.CompressedInputStream(pa.OSFile(str(blob)), "zstd") as file:
            yield file
    else:
        with blob.open("rb") as file:
            yield file


def shape(blob: Path) -> Shape:
    """Count line ends and look for NUL bytes."""
    newlines = size = 0
    has_nul = False
    tail = b"\n"
    with open_bytes(blob) as file:
        while chunk := file.read(1 << 20):
            newlines += chunk.count(b"\n")
            has_nul = has_nul or b"\0" in chunk
            size += len(chunk)
            tail = (tail + chunk)[-2:]
    # In UTF-16 a NUL may follow the line end's own byte.
    return Shape(newlines, has_nul, tail.endswith((b"\n", b"\r", b"\n\0", b"\r\0")), size)


@contextmanager
def _text(blob: Path, dialect: Dialect) -> Iterator[TextIO]:
    encoding = "utf-8-sig" if dialect.encoding in UTF_8 else dialect.encoding
    with open_bytes(blob) as raw:
        buffered = io.BufferedReader(_Raw(raw), 1 << 20)
        yield io.TextIOWrapper(buffered, encoding=encoding, errors="surrogateescape", newline="")


class _Raw(io.RawIOBase):
    """Any object with read() as a raw stream."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._inner.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _rows(text: TextIO, where: str, dialect: Dialect) -> Any:
    csv.field_size_limit(MAX_FIELD)
    return csv.reader(_lines(text, where), delimiter=dialect.delimiter,
                      quotechar=dialect.quote or None, doublequote=True, strict=True,
                      quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE)


def _lines(text: TextIO, where: str) -> Iterator[str]:
    number = 0
    while line := text.readline(MAX_LINE):
        number += 1
        if len(line) == MAX_LINE:
            raise DeliveryError(f"{where}, line {number}: it is longer than {MAX_LINE:,} "
                                f"characters; the file is not delimited as declared. {NOTHING}")
        yield line


def read_header(blob: Path, where: str, dialect: Dialect) -> tuple[str, ...]:
    """The column names of a landed file. Raises DeliveryError where there is no usable header."""
    if dialect.format == "parquet":
        try:
            return _usable(tuple(pq.read_schema(blob).names), where)
        except (pa.ArrowInvalid, OSError) as problem:
            raise DeliveryError(f"{where}: not a readable Parquet file: {problem}. "
                                f"{NOTHING}") from None
    try:
        with open_bytes(blob) as raw:
            start = raw.read(4)
        if not start:
            raise DeliveryError(f"{where}: the file is empty (0 bytes). {NOTHING}")
        if start[:2] in (b"\xff\xfe", b"\xfe\xff") and "16" not in dialect.encoding:
            raise DeliveryError(f"{where}: the file is UTF-16, the configuration declares "
                                f"{dialect.encoding}; declare `encoding: utf-16`. {NOTHING}")
        with _text(blob, dialect) as text:
            names: list[str] = next(_rows(text, where, dialect), [])
    except BROKEN as problem:
        raise DeliveryError(f"{where}: {CUT_OFF}: {problem}. {NOTHING}") from None
    except (UnicodeError, csv.Error) as problem:
        raise DeliveryError(f"{where}, line 1: the header is not readable as {dialect.encoding} "
                            f"text: {problem}. {NOTHING}") from None
    if any(c == "\0" or "\udc80" <= c <= "\udcff" for name in names for c in name):
        raise DeliveryError(f"{where}, line 1: the header is not {dialect.encoding} text; declare "
                            "the encoding the file is written in (cp1252, latin-1, utf-16 ...). "
                            f"{NOTHING}")
    if len(names) <= 1:
        for other in DELIMITERS:
            if other != dialect.delimiter and names and other in names[0]:
                raise DeliveryError(
                    f"{where}, line 1: the header reads as one column; it looks delimited by "
                    f"{other!r}, the configuration declares {dialect.delimiter!r}. {NOTHING}")
    return _usable(tuple(n.strip() or f"column_{i}" for i, n in enumerate(names, 1)), where)


def _usable(names: tuple[str, ...], where: str) -> tuple[str, ...]:
    """The names of a header, told apart as SQL does: without regard to case."""
    folded = [n.casefold() for n in names]
    if twice := sorted({n for n in names if folded.count(n.casefold()) > 1}):
        raise DeliveryError(f"{where}, line 1: column names stand twice: {', '.join(twice)}. "
                            f"{NOTHING}")
    if taken := sorted({*folded} & {*LINEAGE, DELETED_ON}):
        raise DeliveryError(f"{where}, line 1: {', '.join(taken)} are names that the product "
                            f"gives to the origin of a row; rename the columns. {NOTHING}")
    return names


def parse(blob: Path, where: str, dialect: Dialect, target: Path, *,
          careful: bool = False) -> Parsed:
    """Write a landed file as text Parquet at `target`.

    Raises DeliveryError for a file that is broken as a whole (truncated, unterminated quote).
    """
    columns = read_header(blob, where, dialect)
    if dialect.format == "parquet":
        return _parse_parquet(blob, where, columns, target)
    try:
        bytes_shape = shape(blob)
    except BROKEN as problem:
        raise DeliveryError(f"{where}: {CUT_OFF}: {problem}. {NOTHING}") from None
    if not careful and not bytes_shape.has_nul and dialect.encoding in UTF_8:
        rows = _parse_plain(blob, columns, dialect, target)
        lines = bytes_shape.newlines + (not bytes_shape.ends_with_newline) - 1
        # As many rows as lines: no blank ones, no line break within a field.
        if rows is not None and rows == lines:
            return Parsed(target, columns, rows, (), False, bytes_shape.ends_with_newline)
    return _parse_careful(blob, where, columns, dialect, target, bytes_shape)


def _parse_parquet(blob: Path, where: str, columns: tuple[str, ...], target: Path) -> Parsed:
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        read = f"read_parquet({literal(str(blob))}, file_row_number = true)"
        types = {row[0]: row[1] for row in con.execute(f"describe select * from {read}").fetchall()}
        texts = ", ".join(f"{_as_text(c, types[c])} as {quoted(c)}" for c in columns)
        try:
            con.execute(f"copy (select {texts}, file_row_number + 1 as {LINE} from {read}) "
                        f"to {literal(str(target))} (format parquet, compression zstd)")
        except (duckdb.InvalidInputException, duckdb.IOException) as problem:
            raise DeliveryError(f"{where}: not a readable Parquet file: {problem}. "
                                f"{NOTHING}") from None
    return Parsed(target, columns, _row_count(target), (), True, True)


def _as_text(column: str, sql_type: str) -> str:
    value = quoted(column)
    if sql_type == "TIMESTAMP WITH TIME ZONE":
        value = f"timezone('UTC', {value})"
    return f"cast({value} as varchar)"


def _row_count(path: Path) -> int:
    return int(pq.read_metadata(path).num_rows)


def _parse_plain(blob: Path, columns: tuple[str, ...], dialect: Dialect,
                 target: Path) -> int | None:
    """Rows written, or None where DuckDB found the file not to be plain."""
    types = ", ".join(f"{literal(c)}: 'VARCHAR'" for c in columns)
    quote = literal(dialect.quote)
    read = (f"read_csv({literal(str(blob))}, auto_detect=false, header=true, strict_mode=true, "
            f"delim={literal(dialect.delimiter)}, quote={quote}, escape={quote}, "
            f"columns={{{types}}}, nullstr='', max_line_size={MAX_FIELD})")
    with duckdb.connect(config={"memory_limit": "1GB"}) as con:
        try:
            con.execute(f"copy (select * from {read}) to {literal(str(target))} "
                        "(format parquet, compression zstd, row_group_size 122880)")
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            target.unlink(missing_ok=True)
            return None
    return _row_count(target)


def _parse_careful(blob: Path, where: str, columns: tuple[str, ...], dialect: Dialect,
                   target: Path, bytes_shape: Shape) -> Parsed:
    schema = pa.schema([(name, pa.string()) for name in columns] + [(LINE, pa.int64())])
    unreadable: list[Unreadable] = []
    written = 0
    batch: list[list[Any]] = []
    with _text(blob, dialect) as text, pq.ParquetWriter(target, schema, compression="zstd") as out:
        for line, record in _records(text, where, dialect, bytes_shape, len(columns)):
            if isinstance(record, Unreadable):
                unreadable.append(record)
                continue
            batch.append([*record, line])
            if len(batch) == BATCH_ROWS:
                written += _write(out, schema, batch)
        written += _write(out, schema, batch)
    return Parsed(target, columns, written, tuple(unreadable), True,
                  bytes_shape.ends_with_newline)


def _write(out: pq.ParquetWriter, schema: pa.Schema, batch: list[list[Any]]) -> int:
    if batch:
        arrays = [pa.array(list(values), type=field.type)
                  for values, field in zip(zip(*batch, strict=True), schema, strict=True)]
        out.write_batch(pa.record_batch(arrays, schema=schema))
    written = len(batch)
    batch.clear()
    return written


def _records(text: TextIO, where: str, dialect: Dialect, bytes_shape: Shape,
             width: int) -> Iterator[tuple[int, list[str | None] | Unreadable]]:
    """Each record with the line it starts on; blank lines are no records."""
    reader = _rows(text, where, dialect)
    next(reader)
    last: tuple[int, int] = (1, width)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            if last[1] < width and not bytes_shape.ends_with_newline:
                raise DeliveryError(
                    f"{where}, line {last[0]}: the file is cut off in its last record, at byte "
                    f"{bytes_shape.size} ({last[1]} of {width} cells). {NOTHING}") from None
            return
        except UnicodeError as problem:
            raise DeliveryError(f"{where}, line {line}: not valid {dialect.encoding}: {problem}. "
                                f"Declare the encoding it is written in. {NOTHING}") from None
        except csv.Error as problem:
            if "unexpected end of data" in str(problem):
                raise DeliveryError(
                    f"{where}, line {line}: a quoted field that starts there never ends (the file "
                    f"stops at byte {bytes_shape.size}): it was cut off, or a quote is missing. "
                    f"{NOTHING}") from None
            yield line, Unreadable(line, f"not readable: {problem}", "")
            continue
        if not cells:
            continue
        last = (line, len(cells))
        yield line, _judged(line, cells, width)


def _judged(line: int, cells: list[str], width: int) -> list[str | None] | Unreadable:
    joined = "".join(cells)
    if not joined.isascii() and any("\udc80" <= c <= "\udcff" for c in joined):
        shown = ",".join(cells).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        return Unreadable(line, "malformed bytes for the declared encoding", shown[:2000])
    if "\0" in joined:
        return Unreadable(line, "a NUL byte", ",".join(cells).replace("\0", "\\0")[:2000])
    if len(cells) != width:
        return Unreadable(line, f"{len(cells)} cells, the header has {width}",
                          ",".join(cells)[:2000])
    return [cell or None for cell in cells]
