"""How a room opens DuckDB: so much memory and no more, and what does not fit is spilled.

The parts of a run take about 2 GB together: two of these may be open at once, beside Python.
Not here: dbt's own connection (dbt/profiles.yml), what readers open (publication).
"""

from pathlib import Path

import duckdb

MEMORY = "700MB"


def connect(file: Path | None = None, *, read_only: bool = False,
            scratch: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A connection to a file, or to nothing but memory. `scratch`: the folder to spill into."""
    # A file is read once: kept in memory after that, it would stand in the way of the work.
    con = duckdb.connect(str(file or ":memory:"), read_only=read_only, config={
        "memory_limit": MEMORY, "enable_external_file_cache": "false"})
    if scratch:
        con.execute("set temp_directory = $1", [str(scratch)])
    return con
