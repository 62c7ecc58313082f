"""Pulls: what a connection delivers right now.

A delivery is the set of files of one extract that belong to one load date. Files are found and
dated here; their bytes are read by `landing`. A file's modification time never dates a load.
"""

import json
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, NonNegativeInt, ValidationError

from .dialect import Strict
from .errors import ConfigurationError, DeliveryError
from .settings import Configuration, Extract, LoadDate, Source
from .store import Store, digest, read_json, sha256, write_json

MANIFEST_SUFFIX = ".manifest.json"
UNFINISHED = (".part", ".partial", ".tmp", ".filepart", ".crdownload")
SAFE_NAME = re.compile(r"[\w][\w .,()+=@-]*")


class Manifest(Strict):
    """What the sender says of a file, in `<file>.manifest.json` beside it. Every key is optional.

    `totals` are sums of columns of the file.
    """

    load_date: date | None = None
    rows: NonNegativeInt | None = None
    bytes: NonNegativeInt | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")] | None = None
    totals: dict[str, Decimal] = Field(default_factory=dict)
    mode: Literal["full", "incremental"] | None = None


@dataclass(frozen=True)
class DeliveredFile:
    """One file as it lies at the source, with what its manifest says of it."""

    path: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """The file's own name, for messages and lineage."""
        return self.path.name


@dataclass(frozen=True)
class Delivery:
    """The files of one extract and one load date. `load_date` None: a column of the file says."""

    source: str
    extract: str
    load_date: date | None
    files: tuple[DeliveredFile, ...]


def folder(configuration: Configuration, source: Source) -> Path:
    """The folder a source's files lie in."""
    return (configuration.path.parent / source.connection.path).resolve()


def pull(configuration: Configuration, source: Source) -> list[Delivery]:
    """Everything a source has to deliver, oldest load date first.

    Raises DeliveryError for a file that must not or cannot be picked up.
    """
    root = folder(configuration, source)
    if source.needs_folder and not root.is_dir():
        raise DeliveryError(f"source {source.name}: its folder {root} does not exist. Nothing was "
                            "loaded; the last publication stays current.")
    deliveries: list[Delivery] = []
    for name, extract in source.extracts.items():
        by_date: dict[Any, list[DeliveredFile]] = defaultdict(list)
        for path in _matching(root, extract):
            manifest = _manifest(path)
            if manifest is None and source.connection.manifest == "required":
                continue
            delivered = DeliveredFile(path, manifest or Manifest())
            stated = _load_date(source, name, extract, delivered)
            by_date[stated or path].append(delivered)
        for key, files in by_date.items():
            day = key if isinstance(key, date) else None
            deliveries.append(Delivery(source.name, name, day, tuple(files)))
    return sorted(deliveries, key=lambda d: (d.extract, d.load_date or date.min, d.files[0].name))


def _matching(root: Path, extract: Extract) -> Iterator[Path]:
    found: set[Path] = set()
    for pattern in extract.files:
        if pattern.startswith("/") or ".." in Path(pattern).parts:
            raise ConfigurationError(f"files: {pattern!r} leaves the source's folder")
        found.update(root.glob(pattern))
    for path in sorted(found):
        if path.name.endswith((MANIFEST_SUFFIX, *UNFINISHED)) or not path.is_file():
            continue
        if path.is_symlink() or not path.resolve().is_relative_to(root):
            raise DeliveryError(f"{path}: a link is not a delivery; put the file itself there")
        if not SAFE_NAME.fullmatch(path.name):
            raise DeliveryError(f"{path.parent}: the file name {path.name!r} has characters that "
                                "a delivery may not have (letters, digits, blank . , ( ) + = @ -)")
        yield path


def _manifest(path: Path) -> Manifest | None:
    beside = path.with_name(path.name + MANIFEST_SUFFIX)
    if not beside.exists():
        return None
    try:
        return Manifest.model_validate(json.loads(beside.read_bytes(), parse_float=Decimal))
    except ValidationError as problem:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'manifest'}: {e['msg']}"
                          for e in problem.errors(include_url=False))
        raise DeliveryError(f"{beside}: {wrong}. A manifest has "
                            f"{', '.join(Manifest.model_fields)}.") from None
    except ValueError as problem:
        raise DeliveryError(f"{beside}: not readable as JSON: {problem}") from None


def _load_date(source: Source, name: str, extract: Extract, file: DeliveredFile) -> date | None:
    where = f"source {source.name}, extract {name}, {file.name}"
    if file.manifest.load_date:
        return file.manifest.load_date
    rule: LoadDate | None = extract.load_date or source.load_date
    if rule is None:
        raise ConfigurationError(f"{where}: nothing dates this load; give the source a load_date "
                                 "(file_name, column or constant) or a manifest beside the file")
    if rule.constant is not None:
        return rule.constant
    if rule.column is not None:
        return None
    match = re.search(rule.file_name or "", file.name)
    if match is None:
        raise DeliveryError(f"{where}: the file name does not match load_date.file_name "
                            f"{rule.file_name!r}, so the load has no date")
    try:
        return datetime.strptime(match[1], rule.format).date()
    except ValueError:
        raise DeliveryError(f"{where}: {match[1]!r} in the file name is not a date in the form "
                            f"{rule.format!r}") from None


def signature(configuration: Configuration, source: Source) -> str:
    """Digest of names, sizes and times of all that lies at a source, without reading a byte."""
    found = []
    for delivery in pull(configuration, source):
        for file in delivery.files:
            status = file.path.stat()
            found.append([delivery.extract, file.name, status.st_size, status.st_mtime_ns,
                          file.manifest.model_dump(mode="json")])
    return digest(found)


def delivered_digest(configuration: Configuration, store: Store) -> str:
    """Digest of everything that lies at the sources, by content.

    A file whose size and times are as they were when it was last hashed is not read again; a
    file changed within two seconds of that hash is. A source that cannot be pulled is a state of
    its own: the run says what is wrong with it, and lands the others.
    """
    cache_file = store.root / "landing" / "seen.json"
    seen: dict[str, Any] = read_json(cache_file) if cache_file.exists() else {}
    now: dict[str, Any] = {}
    contents: list[Any] = []
    for source in configuration.sources:
        try:
            deliveries = pull(configuration, source)
        except DeliveryError as problem:
            contents.append([source.name, str(problem)])
            continue
        for delivery in deliveries:
            for file in delivery.files:
                status = file.path.stat()
                known = [status.st_size, status.st_mtime_ns, status.st_ino]
                entry = seen.get(str(file.path))
                if not entry or entry[:3] != known:
                    entry = [*known, sha256(file.path)]
                now[str(file.path)] = entry
                contents.append([source.name, delivery.extract, delivery.load_date, file.name,
                                 file.manifest.model_dump(mode="json"), entry[3]])
    # A change too quick for the clock's grain would go unseen: such entries are not kept.
    settled = time.time_ns() - 2_000_000_000
    kept = {path: entry for path, entry in now.items() if entry[1] < settled}
    if kept != seen:
        cache_file.parent.mkdir(parents=True, exist_ok=True)
        write_json(cache_file, kept)
    return digest(contents)
