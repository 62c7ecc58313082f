"""What a run depends on, as digests: whether anything changed is told without heavy imports."""

from datetime import date
from functools import lru_cache
from typing import Any

from . import sources
from .settings import PROJECT, Configuration
from .store import Store, digest, digest_tree, read_lines


@lru_cache(maxsize=1)
def code_version() -> str:
    """Digest of the code, the contract, the dbt project and the locked packages; 12 characters."""
    lock = PROJECT / "requirements.lock"
    return digest(
        digest_tree(PROJECT / "dagster_project", "*.py", "identity/*.*"),
        digest_tree(PROJECT / "schemas", "*.py"),
        digest_tree(PROJECT / "dbt", "*.sql", "*.yml", "*.md"),
        lock.read_text(encoding="utf-8") if lock.exists() else "")[:12]


@lru_cache(maxsize=1)
def dbt_version() -> str:
    """Digest of the dbt project alone: whether its manifest has to be made anew."""
    return digest(digest_tree(PROJECT / "dbt", "*.sql", "*.yml", "*.md"))[:16]


def inputs_digest(configuration: Configuration, as_of: date | None) -> str:
    """Digest of everything that a run would read: the same inputs make the same publication."""
    store = configuration.store
    return digest(configuration.fingerprint, sources.delivered_digest(configuration, store),
                  recorded_decisions(store), as_of, code_version())


def recorded_decisions(store: Store) -> list[Any]:
    """What operators decided, of every kind, in the order in which they recorded it."""
    return [read_lines(path) for path in sorted(store.decisions.glob("*.jsonl"))]
