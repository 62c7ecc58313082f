"""The yardstick: the same files and the same marts in one process of plain DuckDB SQL.

It loads the CSV files into typed tables and executes the SQL that dbt compiled, model by model in
the order of their dependencies. No landing, no checks, no tests, no publication: what the product
adds is what the ratio shows. What the product knows of a run (its context, its loads, its
quarantine) is handed over as rows, and so is what its identity room found (features of names and
numbers, scored pairs), which is no SQL: on that step the yardstick spends nothing.
Run: `python -m bench.plain FOLDER HELPERS MANIFEST TARGET`.
"""

import sys
from pathlib import Path

import compiled_marts
import duckdb

import schemas

from . import extracts

# The schema `landed` beside the contract's own columns, as staging reads it.
BESIDE = {"custom_fields": "VARCHAR", "load_date": "DATE", "load_id": "VARCHAR",
          "row_hash": "VARCHAR"}


def main(folder: Path, helpers: Path, manifest: Path, target: Path, *marts: str) -> None:
    """Load and compute everything into `target`/private.duckdb and `target`/mart.duckdb, or the
    named marts alone."""
    con = duckdb.connect(str(target / "private.duckdb"))
    con.execute(f"attach '{target / 'mart.duckdb'}' as mart (storage_version 'v1.2.0')")
    for schema in ("landed", "staging", "intermediate"):
        con.execute(f"create schema {schema}")
    delivered = extracts.delivered(folder)
    for table in schemas.TABLES.values():
        con.execute(f"create table landed.{table.name} as {rows_of(table, delivered)}")
    con.execute(f"attach '{helpers}' as helpers (read_only)")
    for (name,) in con.execute("select table_name from duckdb_tables() "
                               "where database_name = 'helpers'").fetchall():
        con.execute(f"create table landed.{name} as from helpers.{name}")
    models = compiled_marts.Models(manifest)
    compiled_marts.build(con, models.behind(marts or models.marts))
    con.close()


def rows_of(table: schemas.Table, delivered: dict[str, tuple[str, Path]]) -> str:
    """A contract table from its file, with null for each column that the file has not."""
    source, file = delivered.get(table.name, ("", None))
    types = {c.name: c.sql_type for c in table.columns} | BESIDE
    types |= {"deleted_on": "DATE"} if table.tracks_deletion else {}
    header = file.open(encoding="utf-8").readline().strip().split(",") if file else []
    cells = [f"cast('{source}' as varchar) as source"]
    for name, kind in types.items():
        stated = f"date '{extracts.FIRST_DELIVERY}'" if name == "load_date" else "null"
        cells.append(f'"{name}"' if name in header else f"cast({stated} as {kind}) as {name}")
    if not file:
        return f"select {', '.join(cells)} where false"
    columns = ", ".join(f"'{c}': '{types[c]}'" for c in header)
    # A cell that is not of its type drops its row; what else is wrong has a key that says so.
    return (f"select {', '.join(cells)} from read_csv('{file}', header = true, "
            f"columns = {{{columns}}}, auto_detect = false, ignore_errors = true) "
            f"where cast({table.key[0]} as varchar) not like 'BAD%'")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:5]), *sys.argv[5:])
