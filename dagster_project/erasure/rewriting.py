"""A kept version whose text is changed: new files under its old name, each put in place whole.

The new files wait in a folder of the version until all of them are there, the manifest last; from
then on the next command finishes what a crash interrupted. A reader sees each file old or new.
Rows, numbers and row order stay as they are. Not here: which text is changed (erasing).
"""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from .. import engine
from ..casting import literal, quoted
from ..publication import DATABASE, MANIFEST, REWRITTEN, SEAL, Publication, finish_rewriting
from ..store import digest, fsync, sha256, write_json
from ..warehouse import MART_STORAGE_VERSION

# New values of a mart's text columns, by the row's number and the column.
Changes = Mapping[str, Mapping[int, Mapping[str, str | None]]]


def text_columns(con: duckdb.DuckDBPyConnection, mart: str) -> list[str]:
    """A mart's columns of text."""
    return [row[0] for row in con.execute(
        "select column_name from duckdb_columns() where table_name = ? "
        "and database_name = current_database() and data_type = 'VARCHAR' "
        "order by column_index", [mart]).fetchall()]


def marts(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The marts of an open version."""
    return [row[0] for row in con.execute(
        "select table_name from duckdb_tables() where database_name = current_database() "
        "order by 1").fetchall()]


def rewrite(version: Publication, note: Mapping[str, Any],
            changes_of: Callable[[duckdb.DuckDBPyConnection], Changes]) -> dict[str, int]:
    """Change text of a version; the number of rows changed, by mart.

    `note` is added to what its manifest says under `erased`. A version without a change is left.
    """
    finish_rewriting(version.folder)
    waiting = version.folder / REWRITTEN
    with engine.connect(version.database, read_only=True) as con:
        changes = changes_of(con)
    if not changes:
        return {}
    shutil.rmtree(waiting, ignore_errors=True)
    (waiting / "parquet").mkdir(parents=True)
    _write(version, changes, waiting)
    stated = {k: v for k, v in version.manifest.items() if k != SEAL}
    stated["erased"] = [*stated.get("erased", ()), dict(note)]
    stated["files"] = dict(stated["files"])
    for path in (p for p in waiting.rglob("*") if p.is_file()):
        path.chmod(0o444)
        fsync(path)
        stated["files"][str(path.relative_to(waiting))] = sha256(path)
    write_json(waiting / MANIFEST, stated | {SEAL: digest(stated)})
    (waiting / MANIFEST).chmod(0o444)
    finish_rewriting(version.folder)
    return {mart: len(rows) for mart, rows in changes.items()}


def _write(version: Publication, changes: Changes, waiting: Path) -> None:
    """A copy of the database into which the old text never comes."""
    with engine.connect(scratch=waiting) as con:
        con.execute(f"attach {literal(str(version.database))} as old (read_only)")
        con.execute(f"attach {literal(str(waiting / DATABASE))} as new "
                    f"(storage_version '{MART_STORAGE_VERSION}')")
        con.execute("copy from database old to new (schema)")
        con.execute("use old")
        for mart in marts(con):
            texts = text_columns(con, mart) if mart in changes else []
            if texts:
                con.execute(f"create or replace temp table changed (_row bigint, "
                            f"{', '.join(f'{quoted(c)} varchar' for c in texts)})")
                con.executemany(
                    f"insert into changed values (?, {', '.join('?' * len(texts))})",
                    [[row, *(cells[c] for c in texts)] for row, cells in changes[mart].items()])
                new = ", ".join(f"case when c._row is null then m.{quoted(t)} else c.{quoted(t)} "
                                f"end as {quoted(t)}" for t in texts)
                con.execute(f"insert into new.{mart} select m.* replace ({new}) "
                            f"from old.{mart} m left join changed c on c._row = m.rowid "
                            "order by m.rowid")
            else:
                con.execute(f"insert into new.{mart} from old.{mart}")
        for mart in changes:
            con.execute(f"copy new.{mart} to "
                        f"{literal(str(waiting / 'parquet' / f'{mart}.parquet'))} "
                        "(format parquet, compression zstd)")
        con.execute("checkpoint new")
        con.execute("use memory")
        con.execute("detach new")
