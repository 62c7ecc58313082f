"""Parquet and its own types, written out as text: dates and moments in ISO form."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ..casting import literal, quoted
from ..loads import LINE
from .text import File


def columns(file: File) -> tuple[str, ...]:
    """The names of the columns. Raises DeliveryError where the file is not readable."""
    try:
        return tuple(pq.read_schema(file.blob).names)
    except (pa.ArrowInvalid, OSError) as problem:
        raise file.refused(f"not a readable Parquet file: {problem}") from None


def write(file: File, names: tuple[str, ...], target: Path) -> int:
    """Rows written as text Parquet; the line of a row is its place. Raises DeliveryError."""
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        read = f"read_parquet({literal(str(file.blob))}, file_row_number = true)"
        # A moment with a zone is written with its offset, which the dialect reads.
        texts = ", ".join(f"cast({quoted(c)} as varchar) as {quoted(c)}" for c in names)
        try:
            con.execute(f"copy (select {texts}, file_row_number + 1 as {LINE} from {read}) "
                        f"to {literal(str(target))} (format parquet, compression zstd)")
        except (duckdb.InvalidInputException, duckdb.IOException) as problem:
            raise file.refused(f"not a readable Parquet file: {problem}") from None
    return int(pq.read_metadata(target).num_rows)

