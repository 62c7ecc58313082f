"""The outbox: what was released, in files that are written once and never changed.

A release is one file, so that all of its letters are recorded or none. It is delivered to the next
run like an extract of any source (settings.outbox), and makes the letters part of the history.
Not here: which letters may be released (correspondence).
"""

import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from .. import faults
from ..errors import StoreError
from ..settings import RELEASE_COLUMNS
from ..store import Store, write_atomically
from .papers import Row

# Beside the contract's columns: what the letter was released from.
FROM = "publication_id"


def releases(store: Store) -> list[Path]:
    """The files of every release, oldest first."""
    return sorted(store.outbox.glob("*.jsonl"))


def recorded(store: Store) -> set[str]:
    """The ids of all letters of the outbox. Raises StoreError for a file that is damaged."""
    return {line["letter_id"] for path in releases(store) for line in _read(path)}


def released_from(release: Path) -> str:
    """The publication whose letters a release recorded. Raises StoreError."""
    return str(_read(release)[0][FROM])


def _read(release: Path) -> list[dict[str, Any]]:
    """Every line of a release: it was written whole, so that none may be missing or cut off."""
    try:
        lines = [json.loads(line) for line in release.read_bytes().splitlines()]
        if lines and all(isinstance(line, dict) and {"letter_id", FROM} <= {*line}
                         for line in lines):
            return lines
    except ValueError:
        pass
    raise StoreError(f"{release}: not what a release wrote there, so nobody can tell which letters "
                     "were sent; restore the file from a backup, or remove it to take the release "
                     "back if no run has landed it")


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
    found = (re.match(r"\d+", path.name) for path in releases(store))
    number = 1 + max((int(match[0]) for match in found if match), default=0)
    path = store.outbox / f"{number:05d}_{as_of.isoformat()}.jsonl"
    lines = [json.dumps({**row, FROM: publication_id}, ensure_ascii=False) + "\n"
             for row in released]
    faults.reach("release.write")
    write_atomically(path, "".join(lines).encode())
    faults.reach("release.written")
    path.chmod(0o444)
    return path
