"""Text taken out of Dagster's own storage: events keep samples of rows and reasons that quote them.

Works on whatever SQLite files lie there, table by table, so that it does not depend on how Dagster
lays them out. Not here: which text (erasing).
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from ..errors import BusyError
from ..store import Store

HEADER = b"SQLite format 3\x00"
WAIT_SECONDS = 20


def databases(store: Store) -> list[Path]:
    """Every SQLite file of Dagster's home."""
    found = []
    for path in sorted(store.dagster_home.rglob("*.db")):
        with path.open("rb") as file:
            if file.read(len(HEADER)) == HEADER:
                found.append(path)
    return found


def scrub(store: Store, clean: Callable[[str], str], *, dry: bool = False) -> int:
    """Replace every text by what `clean` makes of it; how many differ.

    Raises BusyError where another process keeps a file from being rewritten.
    """
    changed = 0
    for path in databases(store):
        with contextlib.closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as con:
            try:
                here = sum(_clean_column(con, table, column, clean, dry=dry)
                           for table, column in _text_columns(con))
                con.commit()
                if here and not dry:
                    # What a row held stays in free pages and in the log until they are rewritten.
                    con.execute("vacuum")
                    con.execute("pragma wal_checkpoint(truncate)")
            except sqlite3.OperationalError as problem:
                raise BusyError(f"{path}: {problem}; stop the Dagster UI of this data folder, then "
                                "run the same command again to finish") from None
        changed += here
    return changed


def _text_columns(con: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    for (table,) in con.execute("select name from sqlite_master where type = 'table' "
                                "and name not like 'sqlite_%'").fetchall():
        for _, column, kind, *_ in con.execute(f'pragma table_info("{table}")').fetchall():
            if any(word in kind.upper() for word in ("CHAR", "TEXT", "CLOB")):
                yield table, column


def _clean_column(con: sqlite3.Connection, table: str, column: str, clean: Callable[[str], str], *,
                  dry: bool) -> int:
    changed = 0
    for row, text in con.execute(f'select rowid, "{column}" from "{table}"').fetchall():
        if isinstance(text, str) and (cleaned := clean(text)) != text:
            changed += 1
            if not dry:
                con.execute(f'update "{table}" set "{column}" = ? where rowid = ?', [cleaned, row])
    return changed
