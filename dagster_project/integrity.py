"""What lies under the data folder, held against what was written there.

Here: kept versions against their checksums, the register of ids against itself and the versions,
landed bytes against the SHA-256 they were landed under. Nothing is changed; each finding says what
mends it. Not here: the mending (publication, landing).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import duckdb

from . import landing, publication
from .casting import literal
from .publication import Publication
from .store import Store, sha256


@dataclass(frozen=True)
class Finding:
    """One thing that was checked. `broken` says what is wrong with it, `advice` what mends it."""

    what: str
    detail: str
    broken: tuple[str, ...] = ()
    advice: str = ""


def check(store: Store) -> Iterator[Finding]:
    """Check everything that is kept: versions, the register, landed bytes."""
    yield from _versions(store)
    yield from _register(store)
    yield from _landed(store)


# -- versions ----------------------------------------------------------------------------------


def _versions(store: Store) -> Iterator[Finding]:
    now, kept = publication.current(store), publication.kept(store)
    if kept and now is None:
        yield Finding("publications/current", "", ("leads to no version",),
                      f"customer360 rollback {kept[0].id}")
    for version in (*kept, *publication.kept_past(store)):
        broken = tuple(publication.broken_files(version))
        if version.folder.exists():
            name = f"version {version.folder.name}"
            name += " (past date)" if version.manifest["past"] else ""
            name += " (current)" if now and version.folder == now.folder else ""
            yield Finding(name, f"{len(version.manifest['files'])} files", broken,
                          _mend_version(version, now, kept) if broken else "")


def _mend_version(version: Publication, now: Publication | None, kept: list[Publication]) -> str:
    if version.manifest["past"]:
        return f"customer360 run --as-of {version.as_of_date} --force"
    if now is None or version.folder != now.folder:
        return ("nobody reads it: restore its folder from a backup, or let newer versions take "
                "its place")
    whole = [v for v in kept if v.folder != now.folder and not publication.broken_files(v)]
    back = f"customer360 rollback {whole[0].id}; then " if whole else ""
    return f"{back}customer360 run --force"


# -- the register ------------------------------------------------------------------------------


def _register(store: Store) -> Iterator[Finding]:
    segments = publication.register_segments(store)
    broken, advice = [], ""
    spans: list[tuple[str, int, int]] = []
    for segment in segments:
        try:
            found = duckdb.sql("select min(seq), max(seq), count(*), count(customer_id), "
                               "count(member_key), count(founder_key) from "
                               f"read_parquet({literal(str(segment))})").fetchall()[0]
            spans.append((segment.name, found[0], found[1]))
        except duckdb.Error:
            broken.append(f"{segment.name} is not readable")
    for (before, _, last), (after, first, _) in pairwise([("its start", 0, 0), *spans]):
        if first != last + 1:
            broken.append(f"entries {last + 1} to {first - 1} are missing, between {before} and "
                          f"{after}" if first > last else f"{after} repeats entries of {before}")
    for version in publication.kept(store):
        minted = version.folder / publication.NEW_IDS
        segment = store.register / f"{version.id}.parquet"
        if minted.exists() and (not segment.exists() or sha256(segment) != sha256(minted)):
            broken.append(f"{segment.name} is not what version {version.id} minted")
            advice += f"copy {minted} to {segment}; "
    yield Finding("register of ids", f"{len(segments)} segments", tuple(broken),
                  f"{advice}restore what else is missing in {store.register} from a backup: ids "
                  "that are lost there are given anew" if broken else "")


# -- landed bytes ------------------------------------------------------------------------------


def _landed(store: Store) -> Iterator[Finding]:
    """One finding for each extract, and each blob read once."""
    for folder in sorted(store.loads.glob("*/*")):
        source, extract = folder.parts[-2:]
        broken: list[str] = []
        files = 0
        try:
            loads = landing.landed(store, source, extract)
        except (ValueError, TypeError, KeyError) as problem:
            yield Finding(f"landed {source}.{extract}", "", (f"a load is not readable: {problem}",),
                          f"restore {folder} from a backup")
            continue
        for file in {file.blob: file for load in loads for file in load.files}.values():
            files += 1
            if problem_of := _blob_problem(
                    store, file.blob, file.kept_sha256 or file.sha256, file.name):
                broken.append(problem_of)
        yield Finding(f"landed {source}.{extract}", f"{len(loads)} loads, {files} files",
                      tuple(broken), "restore it from a backup; or remove it, lay the file as it "
                      "was delivered into the source's folder, and customer360 run --force"
                      if broken else "")


def _blob_problem(store: Store, blob: str, sha: str, name: str) -> str | None:
    path = store.blobs / blob
    if not path.exists():
        return f"{path} ({name}) is missing"
    try:
        found = landing.delivered_sha256(path, name)
    except OSError as problem:
        return f"{path} ({name}) cannot be read: {problem}"
    return None if found == sha else f"{path} ({name}) is not what was delivered"
