"""Persons forgotten in what is landed: their cells are blanked in every load of a source.

Here: finding the records of persons over all loads, putting the rows without them in the place of
the delivered bytes, dropping what was made from those. A load that bears the mark of the recorded
erasures was searched for all of them, so a killed erasure goes on where it stopped, and a file that
is delivered again is searched as it lands. Not here: published versions and the rest (erasing).
"""

import re
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from .. import kept_rows, landing
from ..casting import literal, quoted
from ..kept_rows import Blank
from ..loads import LandedFile, Load, Unreadable
from ..mapping import plan
from ..reading import Parsed
from ..settings import Source
from ..store import Store, fsync, sha256
from . import erasures
from .erasures import ERASED, Person
from .persons import Found, PersonFinder, personal_tables

Persons = Mapping[str, set[str]]


@dataclass(frozen=True)
class Value:
    """One cell of a person's record as it was delivered, and the contract columns it feeds."""

    text: str
    feeds: tuple[str, ...]


def forget(store: Store, source: Source, *, also: Person | None = None,
           new: Collection[str] = ()) -> None:
    """Blank every recorded person, and `also` one, in the loads that were not searched for them.

    `new` are loads of which nothing was made yet. Call under the run's lock.
    """
    persons = erasures.of_source(store, source.name, also=also)
    if not persons:
        return
    mark = erasures.mark(persons)
    waiting = [load for load in _loads(store, source) if load.erasures != mark]
    by_bytes = _by_bytes(search(store, source, persons, waiting), waiting)
    files = {load.load_id: _rewritten(store, source, load, by_bytes, persons) for load in waiting}
    changed = {load.load_id for load in waiting if files[load.load_id] != load.files}
    # Dropped before the manifests say that nothing is left of them.
    if changed - set(new):
        shutil.rmtree(store.accepted / source.name, ignore_errors=True)
        for feature in store.features.glob("*.parquet"):
            feature.unlink()
    for load_id in changed:
        for folder in store.parsed.glob(f"{load_id}-*"):
            shutil.rmtree(folder)
    for load in waiting:
        landing.save(store, replace(load, files=files[load.load_id], erasures=mark))
    sweep_blobs(store)


def _loads(store: Store, source: Source) -> list[Load]:
    return [load for name in source.extracts for load in landing.landed(store, source.name, name)]


def search(store: Store, source: Source, persons: Persons,
           loads: Sequence[Load] | None = None) -> list[Found]:
    """The records of persons (digests by table) in these loads, or in all that were ever landed.

    Raises ConfigurationError where the mapping hides which record a person's data is from.
    """
    loads = _loads(store, source) if loads is None else loads
    if not loads:
        return []
    extracts = {load.load_id: load.extract for load in loads}
    with finder_of(store, source) as finder:
        return [one for one in finder.find(persons, extracts)
                if extracts.get(one.load_id) == one.extract]


def finder_of(store: Store, source: Source) -> PersonFinder:
    """A finder over everything that was ever landed of a source."""
    names = {name for table in personal_tables(source)
             for name in plan.extracts_of(source, table)}
    return PersonFinder(source, {name: landing.everything(store, source, name)
                                 for name in sorted(names)
                                 if landing.landed(store, source.name, name)})


def values(store: Store, source: Source,
           found: Sequence[Found]) -> list[tuple[Found, list[Value]]]:
    """What stands in the cells of these records, as delivered; what was blanked already is not."""
    read: list[tuple[Found, list[Value]]] = []
    for load, file, parsed in _files_of(store, source, {one.load_id for one in found}):
        here = [one for one in found if (one.load_id, one.file) == (load.load_id, file.name)]
        cells = sorted({c for one in here for c in one.cells.feeds if c in parsed.columns})
        if not cells:
            continue
        rows = duckdb.execute(
            f"select _at, {', '.join(map(quoted, cells))} from (select *, "
            f"{kept_rows.line_sql(parsed.has_lines)} as _at from "
            f"read_parquet({literal(str(parsed.path))}, file_row_number = true)) "
            "where _at in (select unnest($1::bigint[]))", [[one.line for one in here]]).fetchall()
        texts = {row[0]: dict(zip(cells, row[1:], strict=True)) for row in rows}
        read += [(one, [Value(text, feeds) for cell, feeds in one.cells.feeds.items()
                        if (text := texts.get(one.line, {}).get(cell)) and text != ERASED])
                 for one in here]
    return read


def _files_of(store: Store, source: Source,
              load_ids: Collection[str]) -> Iterator[tuple[Load, LandedFile, Parsed]]:
    for load in _loads(store, source):
        if load.load_id in load_ids:
            dialect = landing.dialect_of(source, load.extract)
            for file, parsed in zip(load.files, landing.read(store, load, dialect), strict=True):
                yield load, file, parsed


# -- one load ------------------------------------------------------------------------------------


def _by_bytes(found: Sequence[Found], loads: Sequence[Load]) -> dict[str, list[Found]]:
    """Records by the SHA-256 of the file they were delivered in: two extracts may read one file."""
    files = {(load.load_id, file.name): file.sha256 for load in loads for file in load.files}
    by_bytes: dict[str, list[Found]] = {}
    for one in found:
        by_bytes.setdefault(files[one.load_id, one.file], []).append(one)
    return by_bytes


def _rewritten(store: Store, source: Source, load: Load, by_bytes: Mapping[str, list[Found]],
               persons: Persons) -> tuple[LandedFile, ...]:
    """The files of a load; those that tell about a person with other bytes."""
    files = []
    for _, file, parsed in _files_of(store, source, {load.load_id}):
        here = by_bytes.get(file.sha256, [])
        blanks = _blanks(here, parsed)
        unreadable = [_without(source, one, persons) for one in parsed.unreadable]
        if not here and tuple(unreadable) == parsed.unreadable:
            files.append(file)
            continue
        partial = store.blobs / f".{load.load_id}.partial"
        kept_rows.write(parsed, blanks, unreadable, partial)
        files.append(_kept(store, file, partial))
    return tuple(files)


def _kept(store: Store, file: LandedFile, partial: Path) -> LandedFile:
    sha = sha256(partial)
    blob = store.blobs / sha[:2] / f"{sha}{kept_rows.ENDING}"
    blob.parent.mkdir(exist_ok=True)
    fsync(partial)
    partial.chmod(0o444)
    partial.replace(blob)
    fsync(blob.parent)
    return replace(file, blob=str(blob.relative_to(store.blobs)), kept_sha256=sha)


def _blanks(found: Sequence[Found], parsed: Parsed) -> dict[str, Blank]:
    lines: dict[str, set[int]] = {}
    instead: dict[str, str | None] = {}
    for one in found:
        for cell, word in one.cells.instead.items():
            if cell in parsed.columns:
                lines.setdefault(cell, set()).add(one.line)
                instead[cell] = instead.get(cell) or word
    return {cell: Blank(frozenset(on), instead[cell]) for cell, on in lines.items()}


def _without(source: Source, record: Unreadable, persons: Persons) -> Unreadable:
    """A record that could not be read, without its text where one of its cells names a person."""
    tokens = {token.strip() for token in re.split(r"[,;\t|\"\n]", record.text)}
    named = any(erasures.Person(source.name, table, token).digest in digests
                for table, digests in persons.items() for token in tokens)
    return replace(record, text=ERASED) if named else record


def sweep_blobs(store: Store) -> None:
    """Remove blobs that no load refers to: what was replaced, and what was refused."""
    referred = {file.blob for folder in store.loads.glob("*/*")
                for load in landing.landed(store, *folder.parts[-2:]) for file in load.files}
    for blob in store.blobs.glob("*/*"):
        if str(blob.relative_to(store.blobs)) not in referred:
            blob.unlink()
