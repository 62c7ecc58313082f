"""Immutable loads: delivered bytes kept as they came, and the current state they add up to.

Here: blobs, load manifests, the checks on what was delivered, operators' `accept` decisions, and
which loads make up an extract's current state. Not here: what a column means (mapping).
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from . import casting, faults, kept_rows, reading
from .casting import literal, quoted
from .dialect import Dialect
from .errors import ConfigurationError, DeliveryError, LoadHeldError, closest
from .loads import ExtractState, LandedFile, Load, ParsedFile, Unreadable
from .reading.text import NOTHING, open_bytes
from .settings import Configuration, Source
from .sources import DeliveredFile, Delivery
from .store import (
    CHUNK,
    Store,
    append_line,
    digest,
    digest_tree,
    fsync,
    read_json,
    read_lines,
    sha256,
    write_json,
)

# As many times the rows of the load before are more likely a fault of the sender than growth.
GROWTH = 10


def dialect_of(source: Source, extract: str) -> Dialect:
    """How an extract's text is written."""
    return source.extracts[extract].dialect(source.connection)


def header(delivery: Delivery, file: DeliveredFile, source: Source) -> tuple[str, ...]:
    """The column names of a delivered file, before anything of it is landed.

    Optional ones are among them whether the file has them or not.
    """
    dialect = dialect_of(source, delivery.extract)
    found = reading.read_header(file.path, str(file.path), dialect)
    names = tuple(dict.fromkeys(found + source.extracts[delivery.extract].optional))
    if not names:
        raise DeliveryError(f"{file.path}: it has no record, so nothing says what its columns are; "
                            f"where that may be, list them as `optional`. {NOTHING}")
    return names


def land(store: Store, source: Source, delivery: Delivery) -> tuple[Load, bool]:
    """Land one delivery; the load, and whether it is new (a redelivery is a no-op).

    Raises DeliveryError when bytes, hash, row count or totals are not what a manifest says, or
    when the file cannot be read as declared; then nothing of it counts.
    """
    dialect = dialect_of(source, delivery.extract)
    earlier = landed(store, source.name, delivery.extract)
    erased = {f.sha256: f for load in earlier for f in load.files if f.kept_sha256}
    files = [_keep_bytes(store, file, dialect, erased) for file in delivery.files]
    load_date = delivery.load_date or _date_in_column(store, source, delivery, files)
    contents = sorted(f.sha256 for f in files)
    of_this_date = [load for load in earlier if load.load_date == load_date]
    if of_this_date and sorted(f.sha256 for f in of_this_date[-1].files) == contents:
        return of_this_date[-1], False
    # What was corrected and is put back again is a load of its own, newer than the correction.
    put_back = [load for load in of_this_date if sorted(f.sha256 for f in load.files) == contents]
    load_id = digest(source.name, delivery.extract, load_date, contents,
                     *([len(of_this_date)] if put_back else []))[:16]
    parsed = _parse_files(store, _parsed_folder(store, load_id, dialect), files, dialect)
    for file, one in zip(delivery.files, parsed, strict=True):
        _check_manifest(file, one, dialect)
    _check_alike(delivery, parsed, source.extracts[delivery.extract].optional)
    rows = sum(p.rows for p in parsed)
    unreadable = sum(len(p.unreadable) for p in parsed)
    mode = _mode(source, delivery)
    if rows + unreadable == 0 and mode == "full" and not dialect.allow_empty:
        raise DeliveryError(
            f"{delivery.files[0].path}: a header and no rows. A full extract without rows would "
            f"empty {source.name}.{delivery.extract}; if that is meant, set `allow_empty: true` "
            f"for this extract. {NOTHING}")
    sequence = 1 + max((load.sequence for load in earlier), default=0)
    load = Load(load_id, source.name, delivery.extract, mode, load_date, sequence,
                datetime.now(UTC).isoformat(timespec="seconds"), rows, unreadable,
                all(p.ends_with_newline for p in parsed), tuple(files),
                tuple(dict.fromkeys(c for p in parsed for c in p.columns)))
    faults.reach("land.manifest")
    save(store, load)
    return load, True


def save(store: Store, load: Load) -> None:
    """Write a load's manifest: from here on it counts."""
    folder = store.loads / load.source / load.extract
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / f"{load.load_id}.json", asdict(load))


def _mode(source: Source, delivery: Delivery) -> str:
    """Full or incremental: as the manifests say, else as the extract is declared."""
    extract = source.extracts[delivery.extract]
    stated = {file.manifest.mode or extract.mode for file in delivery.files}
    where = f"{source.name}, {delivery.extract}"
    if len(stated) > 1:
        raise DeliveryError(f"{where}: of the files of {delivery.load_date} some are full and some "
                            f"incremental, by their manifests. {NOTHING}")
    if stated == {"incremental"} and not extract.key:
        raise DeliveryError(f"{where}: a manifest says that the file is incremental; the extract "
                            f"needs a `key` to tell records apart by. {NOTHING}")
    return stated.pop()


def _check_alike(delivery: Delivery, parsed: Sequence[reading.Parsed],
                 optional: Sequence[str]) -> None:
    """The files of one load have the same columns, in whatever order, but for optional ones."""
    first = parsed[0]
    for file, other in zip(delivery.files, parsed, strict=True):
        for here, there in (((file, other), (delivery.files[0], first)),
                            ((delivery.files[0], first), (file, other))):
            missing = [c for c in there[1].columns
                       if c not in here[1].columns and c not in optional]
            if missing:
                raise DeliveryError(
                    f"{here[0].path}, line 1: {there[0].name} of the same load has "
                    f"{missing[0]!r}, this header has not"
                    f"{closest(missing[0], list(here[1].columns))}. {NOTHING}")


def _keep_bytes(store: Store, file: DeliveredFile, dialect: Dialect,
                erased: Mapping[str, LandedFile]) -> LandedFile:
    """Copy a file's bytes into the blobs, compressed, under their SHA-256.

    Bytes that a person was erased from are not kept again: `erased` has the rows without them.
    """
    compressed = dialect.format in ("parquet", "excel") or file.path.suffix in (".gz", ".zst")
    ending = "".join(file.path.suffixes[-2:]) if file.path.suffix == ".gz" else file.path.suffix
    ending = ending if compressed else f"{ending}.zst"
    partial = store.blobs / f".{os.getpid()}.partial"
    running, size = hashlib.sha256(), 0
    before = file.path.stat()
    try:
        with file.path.open("rb") as delivered, partial.open("wb") as raw, (
                nullcontext(raw) if compressed else pa.CompressedOutputStream(raw, "zstd")) as out:
            while chunk := delivered.read(CHUNK):
                running.update(chunk)
                size += len(chunk)
                out.write(chunk)
        sha = running.hexdigest()
        _check_whole(file, size, sha, before)
        if sha in erased:
            return replace(erased[sha], name=file.name)
        blob = store.blobs / sha[:2] / f"{sha}{ending}"
        if not blob.exists():
            blob.parent.mkdir(exist_ok=True)
            faults.reach("land.blob")
            fsync(partial)
            partial.chmod(0o444)
            partial.replace(blob)
            fsync(blob.parent)
    finally:
        partial.unlink(missing_ok=True)
    return LandedFile(file.name, sha, size, str(blob.relative_to(store.blobs)))


def delivered_sha256(blob: Path, name: str) -> str:
    """SHA-256 of the bytes as they were delivered, read back from the blob of the file `name`."""
    if blob.suffix != ".zst" or name.endswith(".zst"):
        return sha256(blob)
    running = hashlib.sha256()
    with open_bytes(blob) as delivered:
        while chunk := delivered.read(CHUNK):
            running.update(chunk)
    return running.hexdigest()


def _check_whole(file: DeliveredFile, size: int, sha: str, before: os.stat_result) -> None:
    after = file.path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise DeliveryError(f"{file.path}: it changed while it was read: it is still being "
                            f"written. {NOTHING}")
    if size == 0:
        raise DeliveryError(f"{file.path}: the file is empty (0 bytes). {NOTHING}")
    stated = file.manifest
    for name, said, found in (("bytes", stated.bytes, size),
                              ("sha256", stated.sha256 and stated.sha256.lower(), sha)):
        if said is not None and said != found:
            raise DeliveryError(f"{file.path}: its manifest says {name} {said}, the file has "
                                f"{found}: it is not complete, or was changed after the manifest "
                                f"was written. {NOTHING}")


def _parsed_folder(store: Store, load_id: str, dialect: Dialect) -> Path:
    return store.parsed / f"{load_id}-{digest(dialect.model_dump(), reader_version())[:8]}"


@lru_cache(maxsize=1)
def reader_version() -> str:
    """Digest of the code that turns bytes into rows: another reader, other parsed files."""
    return digest_tree(Path(reading.__file__).parent, "*.py")


def _parse_files(store: Store, target: Path, files: Sequence[LandedFile],
                 dialect: Dialect) -> list[reading.Parsed]:
    """Text Parquet of a load's files in `target`, whole or not at all."""
    summary = target / "parsed.json"
    if summary.exists():
        return [reading.Parsed(target / p["path"], tuple(p["columns"]), p["rows"],
                               tuple(Unreadable(**u) for u in p["unreadable"]),
                               p["records"], p["has_lines"], p["ends_with_newline"])
                for p in read_json(summary)]
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    try:
        parsed = [_parse(store, file, dialect, target / f"{number}.parquet")
                  for number, file in enumerate(files)]
        faults.reach("land.parsed")
        write_json(summary, [asdict(p) | {"path": p.path.name} for p in parsed])
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    return parsed


def _parse(store: Store, file: LandedFile, dialect: Dialect, target: Path) -> reading.Parsed:
    blob = store.blobs / file.blob
    if file.kept_sha256:
        return kept_rows.read(blob, target)
    return reading.parse(blob, file.name, dialect, target)


def _check_manifest(file: DeliveredFile, parsed: reading.Parsed, dialect: Dialect) -> None:
    stated = file.manifest.rows
    if stated is not None and stated != parsed.records:
        raise DeliveryError(f"{file.path}: its manifest says {stated} rows, the file has "
                            f"{parsed.records}. {NOTHING}")
    for column, total in file.manifest.totals.items():
        if column not in parsed.columns:
            raise DeliveryError(f"{file.path}: its manifest has a total of {column!r}, which is "
                                f"no column of it{closest(column, list(parsed.columns))}")
        summed = f"sum({casting.number(quoted(column), dialect)})"
        found = duckdb.sql(f"select {summed} from read_parquet({literal(str(parsed.path))})")
        value = found.fetchall()[0][0] or Decimal(0)
        if value != total:
            raise DeliveryError(f"{file.path}: its manifest says {column} adds up to {total}, the "
                                f"file's adds up to {value.normalize():f}. {NOTHING}")


def _date_in_column(store: Store, source: Source, delivery: Delivery,
                    files: Sequence[LandedFile]) -> date:
    extract = source.extracts[delivery.extract]
    rule = extract.load_date or source.load_date
    column = rule.column if rule else None
    where = f"{delivery.files[0].path}"
    dialect = dialect_of(source, delivery.extract)
    scratch = store.parsed / f".dating-{os.getpid()}"
    scratch.mkdir(exist_ok=True)
    try:
        parsed = _parse(store, files[0], dialect, scratch / "0.parquet")
        if column not in parsed.columns:
            raise DeliveryError(f"{where}, line 1: load_date.column {column!r} is no column of it"
                                + closest(str(column), list(parsed.columns)))
        found = duckdb.sql(f"select max({casting.day(quoted(str(column)), dialect)}) "
                           f"from read_parquet({literal(str(parsed.path))})").fetchall()[0][0]
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if found is None:
        raise DeliveryError(f"{where}: no cell of {column!r} is a date"
                            f"{casting.declared('DATE', dialect)}, so the load has no date. "
                            f"{NOTHING}")
    return found  # type: ignore[no-any-return]


def _load_from(stated: dict[str, Any]) -> Load:
    return Load(**stated | {"load_date": date.fromisoformat(stated["load_date"]),
                            "files": tuple(LandedFile(**f) for f in stated["files"]),
                            "columns": tuple(stated["columns"])})


def landed(store: Store, source: str, extract: str) -> list[Load]:
    """Every load of an extract that was ever landed, in the order in which they apply."""
    folder = store.loads / source / extract
    return sorted((_load_from(read_json(path)) for path in folder.glob("*.json")),
                  key=lambda load: load.order)


def accepted_decisions(store: Store) -> dict[str, dict[str, str]]:
    """Operators' recorded `accept` decisions by load id."""
    return {d["load_id"]: d for d in read_lines(store.decisions / "accept.jsonl")}


def accept(store: Store, load_id: str, *, why: str, who: str) -> Load:
    """Record that a held load may pass. Raises ConfigurationError for a load that is not there."""
    known = {path.stem: path for path in store.loads.glob("*/*/*.json")}
    if load_id not in known:
        raise ConfigurationError(f"no load {load_id!r} was landed in {store.root}"
                                 f"{closest(load_id, list(known))}; the message that stopped the "
                                 "run names it, and --config the configuration that was run")
    append_line(store.decisions / "accept.jsonl",
                {"load_id": load_id, "why": why, "who": who,
                 "at": datetime.now(UTC).isoformat(timespec="seconds")})
    return _load_from(read_json(known[load_id]))


def _passed(fulls: Sequence[Load], accepted: Mapping[str, Any], limit: Decimal) -> list[Load]:
    """The full loads that may be used. Raises LoadHeldError when the newest lost too much."""
    passed: list[Load] = []
    held: Load | None = None
    for load in fulls:
        held = None
        if passed and load.load_id not in accepted and _lost(passed[-1], load) > limit:
            held = load
        else:
            passed.append(load)
    if held:
        before = passed[-1]
        raise LoadHeldError(
            f"source {held.source}, extract {held.extract}, load {held.load_id} of "
            f"{held.load_date}: {held.rows} rows, {_lost(before, held):.1f} % fewer than the "
            f"{before.rows} of {before.load_date} (limit {limit} %). {_waits(held)}")
    return passed


def _lost(before: Load, load: Load) -> Decimal:
    """Percent of the rows of the load before that are not there any more."""
    return Decimal(100) * (before.rows - load.rows) / before.rows if before.rows else Decimal(0)


def _waits(load: Load) -> str:
    return ("It was landed and waits; the last publication stays current. If it is right as it "
            f"is: customer360 accept {load.load_id} --why \"...\"")


def _check_readable(load: Load, limit: Decimal) -> None:
    records = load.rows + load.unreadable
    share = Decimal(100) * load.unreadable / records if records else Decimal(0)
    if share > limit:
        raise LoadHeldError(
            f"source {load.source}, extract {load.extract}, load {load.load_id} of "
            f"{load.load_date}: {load.unreadable} of {records} records cannot be read "
            f"({share:.1f} %, limit {limit} %); the file may be written otherwise than declared. "
            f"{_waits(load)}")


def state(store: Store, configuration: Configuration, source: Source, name: str, *,
          with_history: bool = False) -> ExtractState:
    """The current state of one extract; `with_history` brings its superseded full loads too.

    Raises DeliveryError when it was never delivered though it is required, LoadHeldError when its
    newest load waits.
    """
    extract = source.extracts[name]
    loads = landed(store, source.name, name)
    if not loads and extract.required:
        raise DeliveryError(
            f"source {source.name}, extract {name}: no file matches "
            f"{', '.join(extract.files)} in {source.connection.path}, and none was ever landed. "
            "Nothing was built; the last publication stays current.")
    accepted = accepted_decisions(store)
    passed = _passed([load for load in loads if load.mode == "full"], accepted,
                     configuration.row_loss_limit(source, extract))
    base = passed[-1] if passed else None
    # A delta of the full load's own day comes after it, in whatever order the two arrived.
    current = ([base] if base else []) + [load for load in loads if load.mode != "full" and (
        base is None or load.load_date >= base.load_date)]
    for load in current:
        if load.load_id not in accepted:
            _check_readable(load, configuration.bad_rows_limit(source))
    dialect = dialect_of(source, name)
    # A full load that another of its own date corrected was never what the source held.
    held = {load.load_date: load for load in passed}
    older = [load for load in loads if with_history and load not in current
             and (load.mode != "full" or held.get(load.load_date) == load)]
    return ExtractState(
        source.name, name, dialect, extract.key, extract.changed, extract.optional,
        tuple(f for load in current for f in parsed_files(store, load, dialect)),
        tuple(f for load in older for f in parsed_files(store, load, dialect)),
        tuple((load, _status(load, current, base)) for load in loads))


def _status(load: Load, current: Sequence[Load], base: Load | None) -> str:
    """Where a load stands: a stale one arrived after a newer full load had landed."""
    if load in current:
        return "current"
    return "stale" if base and load.sequence > base.sequence else "superseded"


def warnings(state: ExtractState) -> Iterator[str]:
    """What a person should look at in an extract's loads, though it stops nothing."""
    if not state.loads:
        return
    for load, status in state.loads:
        files = ", ".join(f.name for f in load.files)
        where = f"{state.source}.{state.extract}, {files}"
        if status == "current" and not load.ends_with_newline:
            yield f"{where}: the last line has no line end; the file may have been cut off"
        if status == "stale":
            yield (f"{where}: a load of {load.load_date} that came after a newer one; it was "
                   "landed and changes nothing")
    fulls = [load for load, _ in state.loads if load.mode == "full"]
    for before, load in pairwise(fulls):
        if load in state.current_loads and before.rows and load.rows >= GROWTH * before.rows:
            yield (f"{state.source}.{state.extract}: {load.rows} rows of {load.load_date}, "
                   f"{before.rows} of {before.load_date}")
    newest = state.current_loads[-1]
    known = {c for load, _ in state.loads if load.order < newest.order for c in load.columns}
    if known and (new := [c for c in newest.columns if c not in known | {*state.optional}]):
        yield (f"{state.source}.{state.extract}, load of {newest.load_date}: new columns "
               f"{', '.join(new)}; they are kept as delivered, mapped or not")


def everything(store: Store, source: Source, name: str) -> ExtractState:
    """Every record of an extract that was ever landed, as if it were one full load."""
    extract, dialect = source.extracts[name], dialect_of(source, name)
    loads = landed(store, source.name, name)
    files = tuple(f for load in loads for f in parsed_files(
        store, replace(load, mode="full"), dialect))
    return ExtractState(source.name, name, dialect, extract.key, extract.changed,
                        extract.optional, files, (), tuple((load, "current") for load in loads))


def parsed_files(store: Store, load: Load, dialect: Dialect) -> list[ParsedFile]:
    """The files of a load as values that a mapping reads."""
    return [ParsedFile(load, file.name, one.path, one.columns, one.has_lines, one.unreadable)
            for file, one in zip(load.files, read(store, load, dialect), strict=True)]


def read(store: Store, load: Load, dialect: Dialect) -> list[reading.Parsed]:
    """The files of a load as text Parquet, read now if they were not."""
    return _parse_files(store, _parsed_folder(store, load.load_id, dialect), load.files, dialect)
