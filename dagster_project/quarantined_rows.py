"""The quarantine as it was last written, published or not, for an operator to read."""

from typing import Any

import duckdb

from . import pipeline
from .casting import literal
from .settings import Configuration
from .warehouse import QUARANTINE


def read(configuration: Configuration, *, source: str | None,
         table: str | None) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows, by source, table, file and line. Raises for an unknown source."""
    if source is not None:
        configuration.source(source)
    names = list(QUARANTINE)
    files = pipeline.quarantined(configuration)
    if not files:
        return names, []
    paths = ", ".join(literal(str(f)) for f in files)
    rows = duckdb.execute(
        f"select {', '.join(names)} from read_parquet([{paths}], union_by_name = true) "
        "where (source = $1 or $1 is null) and (table_name = $2 or $2 is null) "
        "order by source, table_name, source_file, source_line, reasons", [source, table])
    return names, rows.fetchall()
