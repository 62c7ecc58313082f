"""Immutable loads: delivered bytes kept as they came, and the current state they add up to.

Here: blobs, load manifests, the checks on what was delivered, operators' `accept` decisions, and
which loads make up an extract's current state. Not here: what a column means (mapping).
"""

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from . import casting, faults, reading
from .casting import literal, quoted
from .errors import ConfigurationError, DeliveryError, LoadHeldError
from .loads import ExtractState, LandedFile, Load, ParsedFile
from .settings import Configuration, Dialect, Extract, Source, closest
from .sources import DeliveredFile, Delivery
from .store import CHUNK, Store, append_line, digest, fsync, read_json, read_lines, write_json


def dialect_of(source: Source, extract: str) -> Dialect:
    """How an extract's text is written."""
    return source.extracts[extract].dialect(source.connection)


def header(delivery: Delivery, file: DeliveredFile, source: Source) -> tuple[str, ...]:
    """The column names of a delivered file, before anything of it is landed."""
    return reading.read_header(file.path, str(file.path), dialect_of(source, delivery.extract))


def land(store: Store, source: Source, delivery: Delivery) -> tuple[Load, bool]:
    """Land one delivery; the load, and whether it is new (a redelivery is a no-op).

    Raises DeliveryError when bytes, hash, row count or totals are not what a manifest says, or
    when the file cannot be read as declared; then nothing of it counts.
    """
    extract = source.extracts[delivery.extract]
    files = [_keep_bytes(store, file) for file in delivery.files]
    load_date = delivery.load_date or _date_in_column(store, source, delivery, files)
    load_id = digest(source.name, delivery.extract, load_date,
                     sorted(f.sha256 for f in files))[:16]
    manifest_path = store.loads / source.name / delivery.extract / f"{load_id}.json"
    if manifest_path.exists():
        return _load_from(read_json(manifest_path)), False
    where = f"{source.name}, {delivery.extract}"
    dialect = dialect_of(source, delivery.extract)
    target = _parsed_folder(store, load_id, dialect)
    parsed = _parse_files(store, target, files, dialect)
    rows = sum(p.rows for p in parsed)
    unreadable = sum(len(p.unreadable) for p in parsed)
    for file, one in zip(delivery.files, parsed, strict=True):
        _check_manifest(file, one, dialect)
    mode = delivery.files[0].manifest.get("mode", extract.mode)
    if rows + unreadable == 0 and mode == "full" and not dialect.allow_empty:
        raise DeliveryError(
            f"{delivery.files[0].path}: a header and no rows. A full extract without rows would "
            f"empty {where}; if that is meant, set `allow_empty: true` for this extract. "
            "Nothing was loaded; the last publication stays current.")
    sequence = 1 + max((load.sequence for load in landed(store, source.name, delivery.extract)),
                       default=0)
    load = Load(load_id, source.name, delivery.extract, mode, load_date, sequence,
                datetime.now(UTC).isoformat(timespec="seconds"), rows, unreadable,
                all(p.ends_with_newline for p in parsed), tuple(files))
    manifest_path.parent.mkdir(parents=True, exist_ok=True)
    faults.reach("land.manifest")
    write_json(manifest_path, asdict(load))
    return load, True


def _keep_bytes(store: Store, file: DeliveredFile) -> LandedFile:
    """Copy a file's bytes into the blobs, compressed, under their SHA-256."""
    compressed = file.path.suffix in (".gz", ".parquet", ".zst")
    ending = "".join(file.path.suffixes[-2:]) if file.path.suffix == ".gz" else file.path.suffix
    ending = ending if compressed else f"{ending}.zst"
    partial = store.blobs / f".{os.getpid()}.partial"
    running, size = hashlib.sha256(), 0
    try:
        with file.path.open("rb") as source, partial.open("wb") as raw:
            out: Any = raw if compressed else pa.CompressedOutputStream(raw, "zstd")
            while chunk := source.read(CHUNK):
                running.update(chunk)
                size += len(chunk)
                out.write(chunk)
            if not compressed:
                out.close()
        sha = running.hexdigest()
        stated = file.manifest
        if size == 0:
            raise DeliveryError(f"{file.path}: the file is empty (0 bytes). Nothing was loaded; "
                                "the last publication stays current.")
        for name, found in (("bytes", size), ("sha256", sha)):
            if name in stated and str(stated[name]) != str(found):
                raise DeliveryError(f"{file.path}: its manifest says {name} {stated[name]}, the "
                                    f"file has {found}: it is not complete, or was changed after "
                                    "the manifest was written. Nothing was loaded.")
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


def _parsed_folder(store: Store, load_id: str, dialect: Dialect) -> Path:
    return store.parsed / f"{load_id}-{digest(dialect.model_dump(), casting_version())[:8]}"


def casting_version() -> str:
    """Digest of the code that turns bytes into rows: another reader, other parsed files."""
    return hashlib.sha256(Path(reading.__file__).read_bytes()).hexdigest()


def _parse_files(store: Store, target: Path, files: Sequence[LandedFile],
                 dialect: Dialect) -> list[reading.Parsed]:
    """Text Parquet of a load's files in `target`, whole or not at all."""
    summary = target / "parsed.json"
    if summary.exists():
        return [reading.Parsed(target / p["path"], tuple(p["columns"]), p["rows"],
                               tuple(reading.Unreadable(**u) for u in p["unreadable"]),
                               p["has_lines"], p["ends_with_newline"])
                for p in read_json(summary)]
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    try:
        parsed = [reading.parse(store.blobs / file.blob, file.name, dialect,
                                target / f"{number}.parquet")
                  for number, file in enumerate(files)]
        faults.reach("land.parsed")
        write_json(summary, [asdict(p) | {"path": p.path.name} for p in parsed])
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    return parsed


def _check_manifest(file: DeliveredFile, parsed: reading.Parsed, dialect: Dialect) -> None:
    records = parsed.rows + len(parsed.unreadable)
    stated = file.manifest.get("rows")
    if stated is not None and int(stated) != records:
        raise DeliveryError(f"{file.path}: its manifest says {stated} rows, the file has "
                            f"{records}. Nothing was loaded; the last publication stays current.")
    for column, total in (file.manifest.get("totals") or {}).items():
        if column not in parsed.columns:
            raise DeliveryError(f"{file.path}: its manifest has a total of {column!r}, which is "
                                f"no column of it{closest(column, list(parsed.columns))}")
        summed = f"sum({casting.number(quoted(column), dialect)})"
        found = duckdb.sql(f"select {summed} from read_parquet({literal(str(parsed.path))})")
        value = found.fetchall()[0][0] or Decimal(0)
        if value != Decimal(str(total)):
            raise DeliveryError(f"{file.path}: its manifest says {column} adds up to {total}, the "
                                f"file's adds up to {value.normalize():f}. Nothing was loaded.")


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
        parsed = reading.parse(store.blobs / files[0].blob, files[0].name, dialect,
                               scratch / "0.parquet")
        if column not in parsed.columns:
            raise DeliveryError(f"{where}, line 1: load_date.column {column!r} is no column of it"
                                + closest(str(column), list(parsed.columns)))
        found = duckdb.sql(f"select max({casting.day(quoted(str(column)), dialect)}) "
                           f"from read_parquet({literal(str(parsed.path))})").fetchall()[0][0]
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if found is None:
        raise DeliveryError(f"{where}: no cell of {column!r} is "
                            f"{casting.expectation('DATE', dialect)}, so the load has no date")
    return found  # type: ignore[no-any-return]


def _load_from(stated: dict[str, Any]) -> Load:
    return Load(**stated | {"load_date": date.fromisoformat(stated["load_date"]),
                            "files": tuple(LandedFile(**f) for f in stated["files"])})


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
        raise ConfigurationError(f"no load {load_id!r} was landed{closest(load_id, list(known))}; "
                                 "the message that stopped the run names it")
    append_line(store.decisions / "accept.jsonl",
                {"load_id": load_id, "why": why, "who": who,
                 "at": datetime.now(UTC).isoformat(timespec="seconds")})
    return _load_from(read_json(known[load_id]))


def _base_full_load(fulls: list[Load], accepted: dict[str, Any], limit: Decimal) -> Load | None:
    """The newest full load, unless it lost too much: then LoadHeldError."""
    passed: Load | None = None
    held: str | None = None
    for load in fulls:
        held = None
        if passed and passed.rows and load.load_id not in accepted:
            lost = Decimal(100) * (passed.rows - load.rows) / passed.rows
            if lost > limit:
                held = (f"source {load.source}, extract {load.extract}, load {load.load_id} of "
                        f"{load.load_date}: {load.rows} rows, {lost:.1f} % fewer than the "
                        f"{passed.rows} of {passed.load_date} (limit {limit} %). It was landed "
                        "and waits; the last publication stays current. If the loss is right: "
                        f"customer360 accept {load.load_id} --why \"...\"")
                continue
        passed = load
    if held:
        raise LoadHeldError(held)
    return passed


def state(store: Store, configuration: Configuration, source: Source, name: str, *,
          with_history: bool = False) -> ExtractState:
    """The current state of one extract; `with_history` brings its superseded full loads too.

    Raises DeliveryError when it was never delivered, LoadHeldError when its newest load waits.
    """
    extract: Extract = source.extracts[name]
    loads = landed(store, source.name, name)
    if not loads:
        raise DeliveryError(
            f"source {source.name}, extract {name}: no file matches "
            f"{', '.join(extract.files)} in {source.connection.path}, and none was ever landed. "
            "Nothing was built; the last publication stays current.")
    limit = next(value for value in (extract.max_row_loss_pct, source.max_row_loss_pct,
                                     configuration.max_row_loss_pct) if value is not None)
    fulls = [load for load in loads if load.mode == "full"]
    base = _base_full_load(fulls, accepted_decisions(store), limit)
    current = [load for load in loads
               if load is base or (load.mode != "full" and (base is None or
                                                            load.order > base.order))]
    statuses = tuple((load, _status(load, current, base)) for load in loads)
    dialect = dialect_of(source, name)
    files = [f for load in current for f in _parsed(store, load, dialect)]
    older = [f for load in fulls if with_history and load is not base
             for f in _parsed(store, load, dialect)]
    return ExtractState(source.name, name, dialect, extract.key, extract.changed, tuple(files),
                        tuple(older), statuses)


def _status(load: Load, current: list[Load], base: Load | None) -> str:
    """Where a load stands: a stale one arrived after a newer full load had landed."""
    if load in current:
        return "current"
    return "stale" if base and load.sequence > base.sequence else "superseded"


def _parsed(store: Store, load: Load, dialect: Dialect) -> list[ParsedFile]:
    folder = _parsed_folder(store, load.load_id, dialect)
    parsed = _parse_files(store, folder, load.files, dialect)
    return [ParsedFile(load, file.name, one.path, one.columns, one.has_lines, one.unreadable)
            for file, one in zip(load.files, parsed, strict=True)]
