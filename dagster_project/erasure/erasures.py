"""Recorded erasures: which persons are to be forgotten, in a record that does not name them.

Grain of decisions/erase.jsonl: one line when an erasure is asked for, one when it is done. A person
is known by the digest of source, table and key. Not here: what is done about it (forgetting for
what is landed, erasing for everything else).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..store import Store, append_line, digest, read_lines

# What stands where a text that may not be empty was.
ERASED = "erased"
# Between the parts of a person's identity, in SQL as in Python.
BETWEEN = "\x1f"


@dataclass(frozen=True)
class Person:
    """Somebody, by the key of their record in a source."""

    source: str
    table: str
    key: str

    @property
    def digest(self) -> str:
        """What the record keeps of them."""
        text = BETWEEN.join((self.source, self.table, self.key))
        return hashlib.sha256(text.encode()).hexdigest()


def recorded(store: Store) -> list[dict[str, Any]]:
    """Every line of the record, oldest first."""
    return read_lines(store.decisions / "erase.jsonl")


def of_source(store: Store, source: str, *, also: Person | None = None) -> dict[str, set[str]]:
    """Digests by table of the persons whose erasure is done, and of one that is under way.

    Until it is done, landed records are what a person is recognised by in everything else.
    """
    lines = recorded(store)
    finished = {line["person"] for line in lines if line["event"] == "done"}
    found: dict[str, set[str]] = {also.table: {also.digest}} if also else {}
    for line in lines:
        if line["event"] == "asked" and line["source"] == source and line["person"] in finished:
            found.setdefault(line["table"], set()).add(line["person"])
    return found


def mark(persons: dict[str, set[str]]) -> str:
    """Digest of a source's erasures: what a load bears that was searched for all of them."""
    return digest(sorted(set().union(*persons.values())))[:16] if persons else ""


def is_asked(store: Store, person: Person) -> bool:
    """Whether the erasure of a person was ever recorded."""
    return any(line["event"] == "asked" and line["person"] == person.digest
               for line in recorded(store))


def is_done(store: Store, person: Person) -> bool:
    """Whether it was carried through to its end."""
    return any(line["event"] == "done" and line["person"] == person.digest
               for line in recorded(store))


def ask(store: Store, person: Person, *, why: str, who: str, at: str) -> None:
    """Record that a person is to be forgotten."""
    append_line(store.decisions / "erase.jsonl", {
        "event": "asked", "source": person.source, "table": person.table,
        "person": person.digest, "why": why, "who": who, "at": at})


def done(store: Store, person: Person, *, counts: dict[str, int], at: str) -> None:
    """Record that it was carried through, with how much was changed.

    From here on, every landing forgets them.
    """
    append_line(store.decisions / "erase.jsonl",
                {"event": "done", "person": person.digest, "at": at, "changed": counts})


def digest_sql(source: str, table: str, key: str) -> str:
    """A person's digest as SQL over the expression of their key."""
    prefix = BETWEEN.join((source, table, "")).replace("'", "''")
    return f"sha256('{prefix}' || {key})"


def listed(digests: Iterable[str]) -> str:
    """Digests as a SQL list."""
    return ", ".join(f"'{one}'" for one in sorted(digests))
