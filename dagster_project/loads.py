"""Values that the rooms hand to each other: loads, their parsed files, an extract's current state.

Not here: how any of them comes to be (landing, reading) or is used (mapping).
"""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from .dialect import Dialect
from .store import digest

# Column of parsed files that the careful reader wrote: the line a record starts on.
LINE = "_line"


@dataclass(frozen=True)
class Unreadable:
    """A record that could not be read: its line in the file, why, and what stood there."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True)
class LandedFile:
    """One delivered file of a load. `bytes` and `sha256` are of the file as delivered.

    `kept_sha256` is of the blob where an erasure put the rows without a person in its place.
    """

    name: str
    sha256: str
    bytes: int
    blob: str
    kept_sha256: str | None = None


@dataclass(frozen=True)
class Load:
    """One extract as it was landed: never changed, only superseded; an erasure blanks cells of it.

    `erasures` says for which recorded erasures it was searched.
    """

    load_id: str
    source: str
    extract: str
    mode: str
    load_date: date
    sequence: int
    landed_at: str
    rows: int
    unreadable: int
    ends_with_newline: bool
    files: tuple[LandedFile, ...]
    columns: tuple[str, ...]
    erasures: str = ""

    @property
    def order(self) -> tuple[date, int]:
        """Loads apply by business date; of one date, a later landing corrects an earlier one."""
        return self.load_date, self.sequence


@dataclass(frozen=True)
class ParsedFile:
    """A landed file as text Parquet, with the rows that could not be read."""

    load: Load
    name: str
    path: Path
    columns: tuple[str, ...]
    has_lines: bool
    unreadable: tuple[Unreadable, ...]


@dataclass(frozen=True)
class ExtractState:
    """What an extract says today: the latest full load and the deltas after it.

    `files` are in the order in which they apply; `older` are those of superseded loads, which tell
    what was deleted in the source, and when.
    """

    source: str
    extract: str
    dialect: Dialect
    key: tuple[str, ...]
    changed: str | None
    optional: tuple[str, ...]
    files: tuple[ParsedFile, ...]
    older: tuple[ParsedFile, ...]
    loads: tuple[tuple[Load, str], ...]

    def with_key(self, key: tuple[str, ...]) -> "ExtractState":
        """The same state, told apart by another key."""
        return replace(self, key=key)

    @property
    def current_loads(self) -> tuple[Load, ...]:
        """The loads that make up the current state."""
        return tuple(load for load, status in self.loads if status == "current")

    @property
    def load_date(self) -> date | None:
        """The business date up to which this extract speaks, None where nothing ever came."""
        return max((load.load_date for load in self.current_loads), default=None)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the loads in use, the newest header's first, and the optional ones."""
        names = [c for f in reversed(self.files) for c in f.columns]
        return tuple(dict.fromkeys([*names, *self.optional]))

    @property
    def address(self) -> str:
        """Digest of what this state is made of."""
        return digest(self.dialect.model_dump(), self.key, self.changed, self.optional,
                      [(f.load.load_id, f.load.sequence) for f in (*self.files, *self.older)])
