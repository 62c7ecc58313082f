"""Versions of the mart: written once, swapped in whole, kept, rolled back, read in a sandbox.

The steps of a publication and what a crash between any two of them leaves:
staged and noted as `pending` (both swept by the next run) → renamed to its id (from here on the
next run or rollback finishes the job) → ids registered → `current` swapped → logged → old versions
removed.
Not here: what is in the marts (dbt), whether they are fit to publish (warehouse).
"""

import fcntl
import os
import shutil
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import faults
from .errors import PublicationError
from .store import (
    Store,
    append_line,
    digest,
    fsync,
    read_json,
    read_lines,
    sha256,
    sweep_partials,
    write_json,
)

if TYPE_CHECKING:
    import duckdb

DATABASE = "customer360.duckdb"
MANIFEST = "publication.json"
NEW_IDS = "new_ids.parquet"
SEAL = "seal"
PENDING = "pending.json"
REWRITTEN = ".rewritten"


@dataclass(frozen=True)
class Publication:
    """One published version: its folder and what its manifest says."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def id(self) -> str:
        """The version's name: running number and as-of date."""
        return str(self.manifest["publication_id"])

    @property
    def as_of_date(self) -> date:
        """The business date of its figures."""
        return date.fromisoformat(self.manifest["as_of_date"])

    @property
    def database(self) -> Path:
        """The read-only DuckDB file."""
        return self.folder / DATABASE


def next_id(store: Store, as_of_date: date) -> str:
    """The id of the next version: numbers are never used twice, not even after a removal."""
    names = [e["publication_id"] for e in read_lines(store.publications / "log.jsonl")]
    names += [p.stem for root in (store.publications, store.as_of / "versions", store.register)
              for p in root.glob("[0-9]*_*")]
    number = 1 + max((int(name.split("_")[0]) for name in names), default=0)
    return f"{number:05d}_{as_of_date.isoformat()}"


def kept(store: Store) -> list[Publication]:
    """Every kept version of `current`'s line, newest first."""
    return [_open(p) for p in sorted(store.publications.glob("[0-9]*_*"), reverse=True)]


def kept_past(store: Store) -> list[Publication]:
    """The newest version of every past date that was published beside, oldest date first."""
    links = sorted(link for link in store.as_of.iterdir() if link.is_symlink())
    return [version for version in map(_linked, links) if version]


def every(store: Store) -> list[Publication]:
    """Every version that lies in the data folder, those of past dates included."""
    return [_open(p) for p in sorted([*store.publications.glob("[0-9]*_*"),
                                      *(store.as_of / "versions").glob("[0-9]*_*")])]


def _open(folder: Path) -> Publication:
    """A version by its folder. One whose manifest is damaged still has its name, and is broken."""
    try:
        stated = read_json(folder / MANIFEST)
        if not {"publication_id", "as_of_date", "past", "files"} <= {*stated}:
            raise ValueError
        return Publication(folder, stated)
    except (ValueError, FileNotFoundError):
        return Publication(folder, {
            "publication_id": folder.name, "as_of_date": folder.name.split("_", 1)[1],
            "past": folder.parent.name == "versions", "built_at": "", "inputs": "", "sources": [],
            "warnings": [], "row_counts": {}, "control_totals": {}, "files": {}})


def current(store: Store) -> Publication | None:
    """The version that readers see, None before the first publication."""
    return _linked(store.publications / "current")


def at(store: Store, as_of_date: date) -> Publication:
    """The newest version for a date. Raises PublicationError where none was ever published."""
    now = current(store)
    found = [v for v in (_linked(store.as_of / as_of_date.isoformat()), *kept(store))
             if v and v.as_of_date == as_of_date]
    # What was rolled back is newer than `current`, and nobody is to see it.
    found = [v for v in found if v.manifest["past"] or (now and v.id <= now.id)]
    if not found:
        raise PublicationError(f"nothing was published for {as_of_date}; build it with "
                               f"`customer360 run --as-of {as_of_date}`")
    return max(found, key=lambda version: version.id)


def readable(store: Store, as_of_date: date | None) -> Publication:
    """The version a reader asks for: of a date, else `current`.

    Raises PublicationError where there is none.
    """
    version = at(store, as_of_date) if as_of_date else current(store)
    if version is None:
        raise PublicationError("nothing is published yet; `customer360 run` makes the first "
                               "version")
    return version


def _linked(link: Path) -> Publication | None:
    try:
        return _open(link.resolve(strict=True))
    except FileNotFoundError:
        return None


# -- publishing --------------------------------------------------------------------------------


def publish(store: Store, mart_file: Path, new_ids: Path | None, manifest: dict[str, Any], *,
            keep: int, past: bool) -> Publication:
    """Make the sealed build the next version and swap it in.

    `past`: publish beside, under its date; `current` and the register stay as they are.
    `new_ids`: Parquet of the customer ids that this version mints, None for a past date.
    Raises PublicationError for a build file that still has a write-ahead log: it was not sealed.
    """
    if mart_file.with_name(mart_file.name + ".wal").exists():
        raise PublicationError(f"{mart_file}: its last writes are not in the file; the build was "
                               "not sealed. Nothing was published.")
    name = manifest["publication_id"]
    home = _home(store, past)
    staging = home / f".staging-{name}"
    shutil.rmtree(staging, ignore_errors=True)
    (staging / "parquet").mkdir(parents=True)
    try:
        faults.reach("publish.export")
        _export_parquet(mart_file, staging / "parquet")
        mart_file.rename(staging / DATABASE)
        if new_ids is not None and not past:
            shutil.copyfile(new_ids, staging / NEW_IDS)
        files = sorted(p for p in staging.rglob("*") if p.is_file())
        checksums = {str(p.relative_to(staging)): sha256(p) for p in files}
        stated = manifest | {"past": past, "files": checksums}
        write_json(staging / MANIFEST, stated | {SEAL: digest(stated)})
        faults.reach("publish.fsync")
        for path in (*files, staging / MANIFEST):
            path.chmod(0o444)
            fsync(path)
        fsync(staging / "parquet")
        fsync(staging)
        faults.reach("publish.pending")
        # Noted before the rename: a version that nobody finishes would pass for a published one.
        write_json(store.publications / PENDING,
                   {"publication_id": name, "past": past, "keep": keep})
        faults.reach("publish.rename")
        staging.rename(home / name)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    fsync(home)
    _finish(store)
    return _open(home / name)


def _home(store: Store, past: bool) -> Path:
    home = store.as_of / "versions" if past else store.publications
    home.mkdir(parents=True, exist_ok=True)
    return home


def _export_parquet(mart_file: Path, folder: Path) -> None:
    from . import engine

    with engine.connect(mart_file, read_only=True) as con:
        marts = con.execute("select table_name from duckdb_tables() order by 1").fetchall()
        for (mart,) in marts:
            con.execute(f"copy {mart} to '{str(folder / mart).replace(chr(39), chr(39) * 2)}"
                        ".parquet' (format parquet, compression zstd)")


def _finish(store: Store) -> None:
    """Carry a pending publication through to its end; every step may be done twice."""
    pending_file = store.publications / PENDING
    if not pending_file.exists():
        return
    pending = read_json(pending_file)
    name, past = pending["publication_id"], pending["past"]
    folder = _home(store, past) / name
    if (folder / MANIFEST).exists():
        publication = _open(folder)
        faults.reach("publish.register")
        if (folder / NEW_IDS).exists():
            _register(store, folder / NEW_IDS, name)
        faults.reach("publish.swap")
        if past:
            _point(store.as_of / publication.as_of_date.isoformat(), Path("versions") / name)
        else:
            _point(store.publications / "current", Path(name))
        faults.reach("publish.log")
        _log(store, "published", publication)
        faults.reach("publish.collect")
        collect(store, pending["keep"])
    pending_file.unlink()
    fsync(store.publications)


def _register(store: Store, new_ids: Path, name: str) -> None:
    segment = store.register / f"{name}.parquet"
    if segment.exists():
        return
    partial = store.register / f".{name}.partial"
    shutil.copyfile(new_ids, partial)
    partial.chmod(0o444)
    fsync(partial)
    partial.rename(segment)
    fsync(store.register)


def register_segments(store: Store) -> list[Path]:
    """The register of ids, one file for each publication that minted any."""
    return sorted(store.register.glob("[0-9]*.parquet"))


def _point(link: Path, target: Path) -> None:
    """Re-point a symlink atomically."""
    fresh = link.with_name(f".{link.name}.swap")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.rename(link)
    fsync(link.parent)


def _log(store: Store, event: str, publication: Publication) -> None:
    log = store.publications / "log.jsonl"
    last = read_lines(log)[-1:]
    entry = {"event": event, "publication_id": publication.id,
             "as_of_date": publication.manifest["as_of_date"]}
    if last and all(last[0].get(k) == v for k, v in entry.items()):
        return
    append_line(log, entry | {"at": datetime.now(UTC).isoformat(timespec="seconds")})


def recover(store: Store) -> None:
    """Finish what a crash left pending, and sweep what it left half made. Call under the lock."""
    _finish(store)
    for version in every(store):
        finish_rewriting(version.folder)
    for home in (store.publications, store.as_of, store.as_of / "versions"):
        for leftover in (*home.glob(".staging-*"), *home.glob(".removing-*")):
            shutil.rmtree(leftover, ignore_errors=True)
        for link in home.glob(".*.swap"):
            link.unlink(missing_ok=True)
    sweep_partials(store)


def finish_rewriting(folder: Path) -> None:
    """Put in place the new files that wait in a version's folder; what is not whole is dropped."""
    waiting = folder / REWRITTEN
    if not waiting.exists():
        return
    if (waiting / MANIFEST).exists():
        stated = read_json(waiting / MANIFEST)["files"]
        for name in (n for n in stated if (waiting / n).exists()):
            (waiting / name).replace(folder / name)
        fsync(folder / "parquet")
        (waiting / MANIFEST).replace(folder / MANIFEST)
        fsync(folder)
    shutil.rmtree(waiting)


def collect(store: Store, keep: int) -> list[str]:
    """Remove versions beyond the newest `keep`; what is current or being read stays.

    The version before the newest stays in any case: a reader may be on its way into it. Of a past
    date only its newest version stays. Returns the ids removed.
    """
    versions = kept(store)
    now = current(store)
    surplus = versions[max(keep, 2):]
    past_home = store.as_of / "versions"
    pointed = {link.resolve().name for link in store.as_of.iterdir() if link.is_symlink()}
    surplus += [_open(p) for p in past_home.glob("[0-9]*_*") if p.name not in pointed]
    removed = []
    for version in surplus:
        if (now and version.folder == now.folder) or _is_read(version.database):
            continue
        # Renamed first, so that a crash leaves no version of which half is gone.
        doomed = version.folder.with_name(f".removing-{version.folder.name}")
        version.folder.rename(doomed)
        faults.reach("publish.remove")
        shutil.rmtree(doomed)
        removed.append(version.folder.name)
    return removed


def _is_read(database: Path) -> bool:
    """Whether another process holds a lock on the file: DuckDB readers do as long as they read."""
    whole_file = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    try:
        with database.open("rb") as file:
            answer = fcntl.fcntl(file, fcntl.F_GETLK, whole_file)
    except OSError:
        return False
    return bool(struct.unpack("hhqqi4x", answer)[0] != fcntl.F_UNLCK)


def rollback(store: Store, to: str | None = None) -> Publication:
    """Point `current` at an earlier kept version; the register of ids is not rolled back.

    Raises PublicationError where there is no such version, or it is not what was published.
    """
    now = current(store)
    versions = kept(store)
    if to is None:
        earlier = [v for v in versions if now is None or v.id < now.id]
        if not earlier:
            raise PublicationError("there is no earlier publication to roll back to; "
                                   "`customer360 publications` lists what is kept")
        chosen = earlier[0]
    else:
        found = [v for v in versions if v.id == to]
        if not found:
            names = ", ".join(v.id for v in versions) or "none"
            raise PublicationError(f"no publication {to!r} is kept (kept: {names})")
        chosen = found[0]
    if broken := broken_files(chosen):
        raise PublicationError(f"{chosen.folder}: {', '.join(broken)} is not what was published; "
                               "readers stay where they are. `customer360 publications` lists "
                               "what is kept, `customer360 run --force` builds anew.")
    _point(store.publications / "current", Path(chosen.folder.name))
    _log(store, "rolled_back", chosen)
    return chosen


def unchanged(store: Store, inputs: str, as_of_date: date | None) -> Publication | None:
    """The version that was made from exactly these inputs, where nothing is left to do.

    `as_of_date` None is the default date. A newest version that was rolled back counts: what it was
    made from has not changed. An older one does not: inputs that are as they once were, after
    others, are a change.
    """
    newest: list[Publication | None] = [*kept(store)[:1]]
    if as_of_date is not None:
        newest.append(_linked(store.as_of / as_of_date.isoformat()))
    return next((v for v in newest if v and v.manifest["inputs"] == inputs), None)


# -- reading -----------------------------------------------------------------------------------


@contextmanager
def reader(publication: Publication) -> Iterator["duckdb.DuckDBPyConnection"]:
    """A read-only connection that reaches nothing but this version's marts.

    Without external access DuckDB would still write and read beside the database, at the paths of
    its log and its temporary files: a query could leave a log there that no reader gets past. So
    the file system is shut as well; a query that needs more than the memory fails. Raises
    PublicationError where a mart or a column is asked for that this version does not have.
    """
    import duckdb

    with duckdb.connect(str(publication.database), read_only=True, config={
            "autoload_known_extensions": "false", "autoinstall_known_extensions": "false"}) as con:
        con.execute("set enable_external_access = false")
        con.execute("set disabled_filesystems = 'LocalFileSystem'")
        con.execute("set lock_configuration = true")
        try:
            yield con
        except (duckdb.CatalogException, duckdb.BinderException) as problem:
            raise PublicationError(
                f"version {publication.id} has not what is asked for "
                f"({str(problem).splitlines()[0]}): an older version of the product made it. "
                "`customer360 run` makes one that has") from None


def broken_files(publication: Publication) -> Sequence[str]:
    """Names of the version's files that are missing or not what they were when published."""
    stated = {k: v for k, v in publication.manifest.items() if k != SEAL}
    broken = [] if publication.manifest.get(SEAL) == digest(stated) else [MANIFEST]
    return broken + [name for name, sha in publication.manifest["files"].items()
                     if not (publication.folder / name).exists()
                     or sha256(publication.folder / name) != sha]
