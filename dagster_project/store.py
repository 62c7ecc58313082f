"""Where things lie under the data folder, and how files come into being there.

Here: paths, atomic writes, digests, the one lock that a run takes. Not here: what the files mean.
"""

import errno
import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from .errors import BusyError, StoreError

CHUNK = 1 << 20


@dataclass(frozen=True)
class Store:
    """The data folder: everything a run writes lies below `root`."""

    root: Path

    @cached_property
    def blobs(self) -> Path:
        """Delivered bytes by their SHA-256, never changed."""
        return self._folder("landing", "blobs")

    @cached_property
    def loads(self) -> Path:
        """One JSON manifest for each landed load."""
        return self._folder("landing", "loads")

    @cached_property
    def parsed(self) -> Path:
        """Text Parquet of each landed load, rebuilt from the blobs whenever it is missing."""
        return self._folder("parsed")

    @cached_property
    def accepted(self) -> Path:
        """Checked rows by the digest of what they were made from."""
        return self._folder("accepted")

    @cached_property
    def features(self) -> Path:
        """Identity features by the digest of their input."""
        return self._folder("identity")

    @cached_property
    def build(self) -> Path:
        """The build in progress: dbt's private file and the marts before they are published."""
        return self._folder("build")

    @cached_property
    def publications(self) -> Path:
        """Published versions, `current`, and the log of what became current when."""
        return self._folder("publications")

    @cached_property
    def as_of(self) -> Path:
        """Versions for explicit past dates, one folder a date."""
        return self._folder("as_of")

    @cached_property
    def register(self) -> Path:
        """The append-only register of customer ids, one segment a publication."""
        return self._folder("register")

    @cached_property
    def decisions(self) -> Path:
        """What operators decided, as they recorded it."""
        return self._folder("decisions")

    @cached_property
    def deliveries(self) -> Path:
        """Rendered letters and statements, one folder a version; made again whenever asked for."""
        return self._folder("deliveries")

    @cached_property
    def outbox(self) -> Path:
        """What was released, one file a release, never changed."""
        return self._folder("outbox", "letters")

    @cached_property
    def dagster_home(self) -> Path:
        """Dagster's own storage: run history, schedules, logs."""
        return self._folder("dagster")

    @property
    def unfinished_run(self) -> Path:
        """There from the start of a run to its end: left behind, the run's process was killed."""
        return self.dagster_home / "unfinished-run"

    @property
    def lock_file(self) -> Path:
        """The file whose OS lock a run holds while it works."""
        self.root.mkdir(parents=True, exist_ok=True)
        return self.root / "run.lock"

    def _folder(self, *parts: str) -> Path:
        path = self.root.joinpath(*parts)
        path.mkdir(parents=True, exist_ok=True)
        return path


def digest(*parts: Any) -> str:
    """SHA-256 over JSON-able values, in hex. Equal values give equal digests on every machine."""
    text = json.dumps(parts, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    running = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            running.update(chunk)
    return running.hexdigest()


def digest_tree(root: Path, *patterns: str) -> str:
    """SHA-256 over the names and contents of the files below `root` that match."""
    files = sorted({f for pattern in patterns for f in root.rglob(pattern) if f.is_file()})
    return digest([(str(f.relative_to(root)), hashlib.sha256(f.read_bytes()).hexdigest())
                   for f in files if not {"target", "__pycache__", "logs"} & set(f.parts)])


def fsync(path: Path) -> None:
    """Push a file's bytes, or a folder's entries, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader, or a crash, sees all of it or none."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    fsync(path.parent)


def write_json(path: Path, value: Any) -> None:
    """Write a value as readable JSON, atomically."""
    write_atomically(path, (json.dumps(value, indent=1, default=str) + "\n").encode())


def read_json(path: Path) -> Any:
    """Read a JSON file that this package wrote."""
    return json.loads(path.read_text(encoding="utf-8"))


def append_line(path: Path, value: Any) -> None:
    """Append one JSON line and push it to the disk; a torn last line is cut off first."""
    if path.exists():
        kept = path.read_bytes()
        if kept and not kept.endswith(b"\n"):
            os.truncate(path, kept.rfind(b"\n") + 1)
    with path.open("ab") as out:
        out.write((json.dumps(value, default=str) + "\n").encode())
        out.flush()
        os.fsync(out.fileno())
    fsync(path.parent)


def read_lines(path: Path) -> list[Any]:
    """Read a file of JSON lines; a last line cut off by a crash was never acknowledged.

    Raises StoreError for any other line that is not JSON.
    """
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]
    values = []
    for number, line in enumerate(lines, start=1):
        try:
            values.append(json.loads(line))
        except ValueError:
            raise StoreError(f"{path}, line {number}: not what was written there "
                             f"({line[:40]!r}); restore the file from a backup") from None
    return values


def sweep_partials(store: Store) -> None:
    """Remove files that a killed process left half written."""
    for folder in store.root.iterdir():
        if folder != store.root / "dagster":
            for partial in (folder, *folder.rglob("*.partial")):
                if partial.suffix == ".partial" and not _writer_lives(partial):
                    partial.unlink(missing_ok=True)


def _writer_lives(partial: Path) -> bool:
    """Whether another living process writes it: not everything is written under the run's lock."""
    writer = partial.name.removesuffix(".partial").rpartition(".")[2]
    return writer.isdigit() and int(writer) != os.getpid() and _lives(int(writer))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def lock_owner(store: Store) -> str:
    """Who works on the data folder, empty for nobody: a killed process leaves its name behind."""
    if not store.lock_file.exists():
        return ""
    owner = store.lock_file.read_text(encoding="utf-8").strip()
    pid = owner.rpartition(" ")[2]
    return owner if pid.isdigit() and _lives(int(pid)) else ""


_held: dict[Path, Any] = {}


@contextmanager
def run_lock(store: Store, owner: str, *, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the data folder for this process; nested use inside the process is free.

    The operating system frees the lock when the process dies, however it dies.
    Raises BusyError, naming the owner, when another process still holds it after the wait.
    """
    path = store.lock_file.resolve()
    if path in _held:
        yield
        return
    handle = path.open("a+", encoding="utf-8")
    deadline = time.monotonic() + wait_seconds
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as problem:
                if problem.errno not in (errno.EAGAIN, errno.EACCES):
                    raise
                if time.monotonic() >= deadline:
                    handle.seek(0)
                    found = handle.read().strip() or "an unnamed process"
                    raise BusyError(
                        f"{path}: {found} is at work on this data folder. Nothing was started; "
                        "wait for it to end (customer360 status), then run again."
                    ) from None
                time.sleep(0.2)
        handle.seek(0)
        handle.truncate()
        handle.write(f"{owner}, process {os.getpid()}")
        handle.flush()
        _held[path] = handle
        yield
    finally:
        if _held.get(path) is handle:
            del _held[path]
            handle.seek(0)
            handle.truncate()
            handle.flush()
        handle.close()
