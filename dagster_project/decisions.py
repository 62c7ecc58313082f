"""The steward's file of decisions: where it lies, what it says, one decision more.

Here: the file as it is configured, whatever its name, columns, separators and encoding. What stands
in it stays byte by byte: a decision is a line at its end. Not here: which pairs wait and what a
person is asked (reviewing), what a decision does (dbt/models/intermediate/identity).
"""

import codecs
import csv
import fcntl
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from . import sources
from .dialect import Dialect
from .errors import ConfigurationError
from .settings import Configuration, Extract, MappedInput, Source
from .store import write_atomically

TABLE = "match_decision"
COLUMNS = ("account_source", "account_id", "company_source", "company_id", "decision",
           "decided_by", "decided_on", "why")
EVERY = "*"
ADVICE = """Give the steward's source a file of its own, with the header
  account_source,account_id,company_source,company_id,decision,decided_by,decided_on,why
and name it in the configuration: extracts: {match_decision: {files: match_decision.csv}}, tables:
{match_decision: {from: match_decision}}."""


@dataclass(frozen=True)
class Decision:
    """What is decided about two records, each written `source/id`; `*/*` is every company."""

    left: str
    right: str
    decision: str
    decided_by: str
    decided_on: date
    why: str

    def cells(self, day_format: str) -> dict[str, str]:
        """The decision by the contract's columns."""
        values = (*_parts(self.left), *_parts(self.right), self.decision, self.decided_by,
                  self.decided_on.strftime(day_format), " ".join(self.why.split()))
        return dict(zip(COLUMNS, values, strict=True))


@dataclass(frozen=True)
class Stated:
    """A decision as it stands in a file: the two records, what was decided, and where."""

    left: str
    right: str
    decision: str
    decided_by: str
    place: str


@dataclass(frozen=True)
class Written:
    """What became of a decision: where it stands, and whether it was written just now."""

    place: str
    is_new: bool


def _parts(key: str) -> tuple[str, str]:
    source, slash, record = key.partition("/")
    if not (source and slash and record):
        raise ConfigurationError(f"{key!r} is no key; write source/id, as the lists show it")
    return source, record


@dataclass(frozen=True)
class _Feed:
    """An input of the table that is a file: its extract, and how each column is called there."""

    source: Source
    name: str
    extract: Extract
    columns: Mapping[str, str]
    dialect: Dialect


class DecisionFile:
    """The file that decisions are read from and added to.

    Raises ConfigurationError, saying what to do, where no source feeds match_decision from a file
    that a line can be added to.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._feeds = [_feed(configuration, source, made) for source in configuration.sources
                       for made in source.tables.get(TABLE, ())]
        if not self._feeds:
            raise ConfigurationError(f"{configuration.path}: no source feeds {TABLE}, so there is "
                                     f"no file to write a decision to. {ADVICE}")
        self.path = self._newest()

    def stated(self) -> list[Stated]:
        """Every decision in every file that counts, oldest first."""
        return [one for feed in self._feeds for path in _files(self._configuration, feed)
                for one in _rows(path, feed)]

    def add(self, decisions: Sequence[Decision]) -> list[Written]:
        """Write decisions at the end of the file, all of them or none.

        One that stands there already is not written again. Raises ConfigurationError for one whose
        pair has another decision, and where the file cannot hold it.
        """
        with self._locked():
            known = {pair: one for one in self.stated() for pair in _pairs(one)}
            outcome: list[Written] = []
            written: list[Stated] = []
            text = _Text(self.path, self._feeds[-1])
            for decision in decisions:
                before = known.get((decision.left, decision.right))
                if before and before.decision != decision.decision:
                    raise ConfigurationError(
                        f"{before.place}: {before.left} and {before.right} have the decision "
                        f"{before.decision} by {before.decided_by}; who decides anew changes that "
                        "row. Nothing was written.")
                if before:
                    outcome.append(Written(before.place, is_new=False))
                    continue
                place = f"{self.path}, line {text.append(decision)}"
                made = Stated(decision.left, decision.right, decision.decision,
                              decision.decided_by, place)
                known[decision.left, decision.right] = made
                written.append(made)
                outcome.append(Written(place, is_new=True))
            if written:
                text.check(written)
                text.write()
        return outcome

    def _newest(self) -> Path:
        feed = self._feeds[-1]
        found = _files(self._configuration, feed)
        if not found:
            [named, *others] = feed.extract.files
            if others or any(sign in named for sign in "*?["):
                raise ConfigurationError(
                    f"source {feed.source.name}, extract {feed.name}: no file called {named} is "
                    f"there yet. Begin one with the header {','.join(feed.columns.values())}")
            return sources.folder(self._configuration, feed.source) / named
        path = found[-1]
        if path.suffix == ".gz":
            raise ConfigurationError(f"{path} is compressed; a decision is a line in a text file. "
                                     "Unpack it")
        if path.with_name(path.name + sources.MANIFEST_SUFFIX).exists():
            raise ConfigurationError(f"{path} has a manifest that says what is in it, so somebody "
                                     "delivers it: decide where it comes from")
        return path

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer at a time, also where two shells decide at once."""
        folder = self._configuration.store.root
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "decisions.lock").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _feed(configuration: Configuration, source: Source, made: MappedInput) -> _Feed:
    where = f"{configuration.path}: source {source.name}, {TABLE}"
    extract = source.extracts.get(made.source or "")
    if extract is None:
        raise ConfigurationError(f"{where} is not read from a file (inline rows, or a prepared "
                                 f"relation). {ADVICE}")
    dialect = extract.dialect(source.connection)
    if dialect.format != "csv" or made.join or made.group_by or made.where:
        raise ConfigurationError(f"{where}: a decision cannot be added to extract {made.source} "
                                 f"(delimited text, without join, filter or grouping). {ADVICE}")
    columns = {}
    for column in COLUMNS:
        mapped = (made.columns or {}).get(column, column) if made.columns else column
        if isinstance(mapped, str):
            columns[column] = mapped
        elif column in COLUMNS[:5]:
            raise ConfigurationError(f"{where}: {column} is an expression, so nothing says how it "
                                     f"is written. {ADVICE}")
    return _Feed(source, str(made.source), extract, columns, dialect)


def _files(configuration: Configuration, feed: _Feed) -> list[Path]:
    """The files that count: of full extracts those of the newest date, else all; newest last."""
    delivered = [d for d in sources.pull(configuration, feed.source) if d.extract == feed.name]
    counting = delivered[-1:] if feed.extract.mode == "full" else delivered
    return [file.path for delivery in counting for file in delivery.files]


def _rows(path: Path, feed: _Feed) -> Iterator[Stated]:
    return _parsed(_decoded(path, feed.dialect), path, feed)


def _parsed(text: str, path: Path, feed: _Feed) -> Iterator[Stated]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, **_style(feed.dialect))
    try:
        yield from _stated(reader, path, feed)
    except csv.Error as problem:
        raise ConfigurationError(f"{path}, line {reader.line_num}: {problem}. Mend that line; "
                                 "nothing was written") from None


def _stated(reader: Any, path: Path, feed: _Feed) -> Iterator[Stated]:
    lines = iter(reader)
    for _ in range(feed.dialect.skip):
        next(lines, None)
    header = [cell.strip() for cell in next(lines, [])]
    for cells in lines:
        row = dict(zip(header, cells, strict=False))
        found = {column: row.get(name, "").strip() for column, name in feed.columns.items()}
        if any(found.values()):
            yield Stated(f"{found['account_source']}/{found['account_id']}",
                         f"{found['company_source']}/{found['company_id']}",
                         found["decision"], found.get("decided_by", ""),
                         f"{path}, line {reader.line_num}")


def _pairs(stated: Stated) -> Iterator[tuple[str, str]]:
    yield stated.left, stated.right
    if stated.decision in ("merge", "split"):
        yield stated.right, stated.left


def _decoded(path: Path, dialect: Dialect) -> str:
    if not path.exists():
        return ""
    try:
        return path.read_bytes().decode(dialect.encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as problem:
        raise ConfigurationError(f"{path} is not written in {dialect.encoding}: {problem}. Correct "
                                 "the file, or `encoding` in the configuration") from None


def _style(dialect: Dialect) -> dict[str, Any]:
    if not dialect.quote:
        return {"delimiter": dialect.delimiter, "quoting": csv.QUOTE_NONE, "quotechar": None}
    return {"delimiter": dialect.delimiter, "quotechar": dialect.quote}


class _Text:
    """The bytes of the file and the lines that come to their end, written as those before."""

    def __init__(self, path: Path, feed: _Feed) -> None:
        self.path, self.feed = path, feed
        self.bytes = path.read_bytes() if path.exists() else b""
        before = _decoded(path, feed.dialect)
        self.newline = "\r\n" if "\r\n" in before else "\n"
        lines = before.splitlines()
        if lines[feed.dialect.skip:]:
            [self.header] = csv.reader(lines[feed.dialect.skip:feed.dialect.skip + 1],
                                       **_style(feed.dialect))
            quote = feed.dialect.quote
            self.quotes_all = bool(quote) and lines[feed.dialect.skip].startswith(quote)
            self._check_header()
        else:
            self.header, self.quotes_all = [*feed.columns.values()], False
            self._append_cells(self.header)
        self.lines = len(before.splitlines()) or 1
        if before and not before.endswith(("\n", "\r")):
            self.bytes += self._encoded(self.newline)

    def _check_header(self) -> None:
        names = {name.strip() for name in self.header}
        missing = [name for column, name in self.feed.columns.items()
                   if name not in names and column != "why"]
        if missing:
            raise ConfigurationError(f"{self.path}: its header has no {', '.join(missing)}, which "
                                     "a decision needs. Add the column")

    def append(self, decision: Decision) -> int:
        """Add a line; its number."""
        cells = {self.feed.columns[column]: value for column, value in decision.cells(
            self.feed.dialect.date_format[0]).items() if column in self.feed.columns}
        self._append_cells([cells.get(name.strip(), "") for name in self.header])
        self.lines += 1
        return self.lines

    def _append_cells(self, cells: Sequence[str]) -> None:
        line = io.StringIO(newline="")
        style = _style(self.feed.dialect)
        if self.quotes_all:
            style["quoting"] = csv.QUOTE_ALL
        try:
            csv.writer(line, lineterminator=self.newline, **style).writerow(cells)
        except csv.Error:
            raise ConfigurationError(f"{self.path}: a cell of {cells} holds a separator, and the "
                                     "file has no quotes (`quote`). Nothing was written.") from None
        self.bytes += self._encoded(line.getvalue())

    def _encoded(self, text: str) -> bytes:
        encoding = self.feed.dialect.encoding
        # What goes on is not begun again: no second byte order mark.
        if encoding == "utf-16" and self.bytes:
            encoding = "utf-16-be" if self.bytes.startswith(codecs.BOM_UTF16_BE) else "utf-16-le"
        elif encoding == "utf-8-sig" and self.bytes:
            encoding = "utf-8"
        try:
            return text.encode(encoding)
        except UnicodeEncodeError as problem:
            sign = problem.object[problem.start]
            raise ConfigurationError(f"{self.path} is written in {encoding}, which has no "
                                     f"{sign!r}. Nothing was written.") from None

    def check(self, written: Sequence[Stated]) -> None:
        """Raise unless the file, as it would be, is read with these decisions."""
        text = self.bytes.decode(self.feed.dialect.encoding).removeprefix("\ufeff")
        read = {(one.left, one.right, one.decision)
                for one in _parsed(text, self.path, self.feed)}
        lost = [one for one in written if (one.left, one.right, one.decision) not in read]
        if lost:
            raise ConfigurationError(
                f"{self.path}: {lost[0].left} {lost[0].decision} would not be read as a decision "
                "there. See that the lines before the header (`skip`), the header and the last "
                "line are whole. Nothing was written.")

    def write(self) -> None:
        """Put the file in its place, whole, with the rights it had."""
        mode = self.path.stat().st_mode if self.path.exists() else None
        write_atomically(self.path, self.bytes)
        if mode is not None:
            self.path.chmod(mode)
