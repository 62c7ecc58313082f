"""A person's right to be forgotten, carried through everything that is kept.

Order matters: what a person can be recognised by is read from the landed records, so versions and
run history are cleaned first and the landed records last; until then a killed erasure can be run
again. Not here: the record of erasures (erasures), landed data (forgetting), what a person is
recognised by (traces), how a version is written anew (rewriting).
"""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

import schemas

from .. import engine, landing, publication, sources
from ..casting import literal, quoted
from ..errors import ConfigurationError, PublicationError, closest
from ..kept_rows import line_sql
from ..loads import ParsedFile
from ..publication import Publication
from ..settings import Configuration
from ..store import Store
from . import erasures, forgetting, rewriting, run_history
from .erasures import Person
from .persons import Found
from .traces import changes, cleaner, traces_of


@dataclass(frozen=True)
class Place:
    """Somewhere a person's data stands: what kind of place, where, and how many rows."""

    kind: str
    where: str
    rows: int


@dataclass(frozen=True)
class Plan:
    """What an erasure would change, the delivered files that it does not reach, and what the person
    can be recognised by on other lines than their own."""

    places: tuple[Place, ...]
    still_delivered: tuple[Path, ...]
    recognised_by: tuple[str, ...]
    lines: frozenset[tuple[str, str, int]]


def check(configuration: Configuration, person: Person) -> None:
    """Raises ConfigurationError for a source or a table in which there are no persons."""
    source = configuration.source(person.source)
    tables = [t for t in schemas.PERSONS.values() if t in source.tables]
    if person.table not in tables:
        raise ConfigurationError(
            f"source {source.name} has no persons in {person.table!r}"
            f"{closest(person.table, tables)}; it has them in {', '.join(tables) or 'no table'}")


def plan(configuration: Configuration, person: Person) -> Plan:
    """Look for a person everywhere, and change nothing."""
    store, source = configuration.store, configuration.source(person.source)
    found = forgetting.search(store, source, {person.table: {person.digest}})
    traces = traces_of(store, source, person, found)
    records = {(one.extract, one.file, one.load_id, one.line)
               for one, cells in forgetting.values(store, source, found) if cells}
    places = [Place("landed", f"{source.name}.{extract}, {file}, load {load}", count)
              for (extract, file, load), count in sorted(Counter(r[:3] for r in records).items())]
    places += _checked(configuration, person, found)
    for version in publication.every(store):
        with engine.connect(version.database, read_only=True) as con:
            changed = changes(con, traces, found)
        places += [Place("version", f"{version.id}, {mart}", len(rows))
                   for mart, rows in sorted(changed.items())]
    if events := run_history.scrub(store, cleaner(traces), dry=True):
        places.append(Place("run history", "events in Dagster's storage", events))
    places += [Place("letters", str(path.relative_to(store.root)), _files_of(path))
               for path in _rendered(store)]
    return Plan(tuple(places), tuple(_still_delivered(configuration, person, found)),
                tuple(sorted({*traces.anywhere, *filter(_is_name, traces.within)})),
                frozenset((one.load_id, one.file, one.line) for one in found))


def erase(configuration: Configuration, person: Person, *, why: str, who: str) -> dict[str, int]:
    """Forget a person; how much was changed, by place. Call under the run's lock.

    Done twice it changes nothing; killed and done again it goes on where it stopped.
    """
    store, source = configuration.store, configuration.source(person.source)
    publication.recover(store)
    if erasures.is_done(store, person):
        forgetting.forget(store, source)
        return {}
    if not erasures.is_asked(store, person):
        erasures.ask(store, person, why=why, who=who, at=_now())
    found = forgetting.search(store, source, {person.table: {person.digest}})
    traces = traces_of(store, source, person, found)
    counts: Counter[str] = Counter()
    for version in _whole_versions(configuration):
        changed = rewriting.rewrite(version, {"person": person.digest, "at": _now()},
                                    lambda con: changes(con, traces, found))
        counts["rows of versions"] += sum(changed.values())
    counts["events of the run history"] = run_history.scrub(store, cleaner(traces))
    if papers := _drop_rendered(store):
        counts["rendered files"] = papers
    _drop_build(configuration)
    counts["landed records"] = len({(f.load_id, f.file, f.line) for f in found})
    forgetting.forget(store, source, also=person)
    erasures.done(store, person, counts=dict(counts), at=_now())
    return dict(counts)


def _is_name(text: str) -> bool:
    """Whether a text is worth looking for elsewhere: words, and no number."""
    return " " in text and not any(c.isdigit() for c in text)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _whole_versions(configuration: Configuration) -> list[Publication]:
    """Every version. Raises PublicationError for one that is damaged: nobody could clean it."""
    versions = publication.every(configuration.store)
    for version in versions:
        if broken := publication.broken_files(version):
            raise PublicationError(
                f"{version.folder}: {', '.join(broken)} is not what was published, so nobody can "
                "say what is in it. Restore the folder from a backup or remove it, then run the "
                "same command again to finish.")
    return versions


def _drop_build(configuration: Configuration) -> None:
    """What the last build left: every run starts its own."""
    for leftover in configuration.store.build.iterdir():
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()
    shutil.rmtree(configuration.store.root / "scratch", ignore_errors=True)


def _rendered(store: Store) -> list[Path]:
    """The folders of rendered letters and statements, one a version, and what lies beside them."""
    return sorted(store.deliveries.glob("*/*"))


def _drop_rendered(store: Store) -> int:
    """Every rendered file, whoever it is about: they are made again from a version at any time."""
    files = 0
    for path in _rendered(store):
        files += _files_of(path)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return files


def _files_of(path: Path) -> int:
    return sum(one.is_file() for one in (path, *path.rglob("*")))


# -- what else there is --------------------------------------------------------------------------


def _checked(configuration: Configuration, person: Person,
             found: Sequence[Found]) -> Iterator[Place]:
    """Accepted rows and rows in quarantine, as last checked: dropped, and made anew by a run."""
    lines = {(one.load_id, one.file, one.line) for one in found}
    for name, file, line in (("accepted", "_file", "_line"),
                             ("quarantine", "source_file", "source_line")):
        folder = configuration.store.accepted / person.source
        for path in sorted(folder.glob(f"*/*/{name}.parquet")):
            rows = duckdb.sql(f"select load_id, {file}, {line} from "
                              f"read_parquet({literal(str(path))})").fetchall()
            if count := sum(row in lines for row in rows):
                yield Place(name, f"{person.source}.{path.parts[-3]}", count)


def _still_delivered(configuration: Configuration, person: Person,
                     found: Sequence[Found]) -> Iterator[Path]:
    """Delivered files that still lie in the source's own folder."""
    files = {(one.extract, one.file) for one in found}
    for delivery in sources.pull(configuration, configuration.source(person.source)):
        yield from (file.path for file in delivery.files
                    if (delivery.extract, file.name) in files)


@dataclass(frozen=True)
class Sighting:
    """A cell of a landed record that holds a text, and the person whose own record it is."""

    source: str
    extract: str
    load_id: str
    file: str
    line: int
    column: str
    text: str
    person: Person | None


def seen(configuration: Configuration, text: str) -> list[Sighting]:
    """Every cell of every record that was ever landed and holds `text`, whatever its case."""
    sightings: list[Sighting] = []
    for source in configuration.sources:
        here = [one for name in source.extracts
                if landing.landed(configuration.store, source.name, name)
                for file in landing.everything(configuration.store, source, name).files
                for one in _seen_in(file, text)]
        if here:
            with forgetting.finder_of(configuration.store, source) as finder:
                whose = finder.whose({(load, file, line) for _, load, file, line, *_ in here})
            for extract, load, file, line, column, cell in here:
                owner = whose.get((load, file, line))
                sightings.append(Sighting(source.name, extract, load, file, line, column, cell,
                                          Person(source.name, *owner) if owner else None))
    return sightings


def _seen_in(file: ParsedFile, text: str) -> Iterator[tuple[str, str, str, int, str, str]]:
    cells = ", ".join(map(quoted, file.columns))
    rows = duckdb.execute(
        f"select {line_sql(file.has_lines)}, {cells} from "
        f"read_parquet({literal(str(file.path))}, file_row_number = true) "
        f"where contains(lower(concat_ws(chr(31), {cells})), lower($1))", [text]).fetchall()
    of = (file.load.extract, file.load.load_id, file.name)
    for line, *values in rows:
        for column, cell in zip(file.columns, values, strict=True):
            if cell and text.lower() in cell.lower():
                yield *of, line, column, cell
    for record in file.unreadable:
        if text.lower() in record.text.lower():
            yield *of, record.line, "(not readable)", record.text
