"""The outbox: what was released, in files that are written once and never changed.

A release is one file, so that all of its letters are recorded or none. It is delivered to the next
run like an extract of any source (settings.outbox), and makes the letters part of the history.
Not here: which letters may be released (correspondence).
"""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from .. import faults
from ..settings import RELEASE_COLUMNS
from ..store import Store, read_lines, write_atomically
from .papers import Row

# Beside the contract's columns: what the letter was released from.
FROM = "publication_id"


def releases(store: Store) -> list[Path]:
    """The files of every release, oldest first."""
    return sorted(store.outbox.glob("*.jsonl"))


def recorded(store: Store) -> set[str]:
    """The ids of all letters that were ever released."""
    return {line["letter_id"] for path in releases(store) for line in read_lines(path)}


def released_from(release: Path) -> str:
    """The publication whose letters a release recorded."""
    return str(read_lines(release)[0][FROM])


def rows(letters: Sequence[Row], *, who: str) -> list[dict[str, str | None]]:
    """Letters as rows of the contract table letter_release, all of them text."""
    stated = [{
        "letter_id": letter["letter_id"], "account_source": letter["source"],
        "account_id": letter["account_id"], "level": letter["level"],
        "released_on": letter["as_of_date"], "currency": letter["currency"],
        "channel": letter["channel"], "letter_ref": letter["letter_ref"],
        "documents": letter["document_ids"], "amount": letter["to_pay"],
        "interest": letter["interest"] or None, "fee": letter["fee"] or None,
        "released_by": who} for letter in letters]
    return [{name: None if row[name] is None else str(row[name]) for name in RELEASE_COLUMNS}
            for row in stated]


def record(store: Store, released: Sequence[dict[str, str | None]], *, publication_id: str,
           as_of: date) -> Path:
    """Write one release of at least one letter, whole or not at all. Call under the lock."""
    number = 1 + max((int(path.name.split("_")[0]) for path in releases(store)), default=0)
    path = store.outbox / f"{number:05d}_{as_of.isoformat()}.jsonl"
    lines = [json.dumps({**row, FROM: publication_id}, ensure_ascii=False) + "\n"
             for row in released]
    faults.reach("release.write")
    write_atomically(path, "".join(lines).encode())
    faults.reach("release.written")
    path.chmod(0o444)
    return path
