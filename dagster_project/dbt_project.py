"""The dbt project: its manifest, made once for each state of it, and a build in this process.

A build in the process of the run needs no second interpreter and no second parse, and a killed run
leaves no dbt behind that still writes. Its events become Dagster's by dagster-dbt's own rules.
Not here: which Dagster assets the nodes are (assets).
"""

import fcntl
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from . import fingerprints
from .errors import ConfigurationError
from .settings import PROJECT
from .store import Store, read_json

DBT = PROJECT / "dbt"
MANIFEST = DBT / "target" / "manifest.json"
# What dbt says of a finished node; everything else is its own log.
RESULT_EVENTS = ("LogModelResult", "LogTestResult")


def target_folder(store: Store) -> Path:
    """Where dbt leaves its run results and its log for a data folder."""
    return store.build / "target"


def ensure_manifest() -> Path:
    """Parse the dbt project where its manifest is missing or of another state of it."""
    version_file = MANIFEST.with_name("manifest.version")
    MANIFEST.parent.mkdir(parents=True, exist_ok=True)
    with MANIFEST.with_name("manifest.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        version = fingerprints.dbt_version()
        if MANIFEST.exists() and version_file.exists() and version_file.read_text() == version:
            return MANIFEST
        done = subprocess.run(
            [str(Path(sys.executable).with_name("dbt")), "--quiet", "parse", "--project-dir",
             str(DBT), "--profiles-dir", str(DBT), "--target-path", str(MANIFEST.parent)],
            capture_output=True, text=True, check=False,
            env=os.environ | {"CUSTOMER360_DATA": os.environ.get("CUSTOMER360_DATA", "data")})
        if done.returncode != 0:
            raise ConfigurationError(f"dbt cannot parse {DBT}:\n{done.stdout}{done.stderr}")
        version_file.write_text(version)
    return MANIFEST


def manifest() -> dict[str, Any]:
    """dbt's manifest; a claim across models belongs to the first mart it reads.

    Without a home in `meta`, Dagster would not show such a test as a check of anything.
    """
    stated: dict[str, Any] = read_json(ensure_manifest())
    for node in stated["nodes"].values():
        if node["resource_type"] == "test" and not node.get("attached_node"):
            marts = [name for unique_id in node["depends_on"]["nodes"]
                     if (name := _mart_name(stated, unique_id))]
            if marts:
                node["config"]["meta"] = {"dagster": {"ref": {"name": sorted(marts)[0]}}}
    return stated


def _mart_name(stated: dict[str, Any], unique_id: str) -> str | None:
    node = stated["nodes"].get(unique_id, {})
    return str(node["name"]) if node.get("fqn", ["", ""])[1] == "marts" else None


@lru_cache(maxsize=1)
def _parsed_manifest() -> Any:
    from dbt.contracts.graph.manifest import Manifest

    return Manifest.from_msgpack((MANIFEST.parent / "partial_parse.msgpack").read_bytes())


class Build:
    """One `dbt build` of every model and data test; iterate it for its node results.

    Unit tests test the code, not the data: they belong to the test suite.
    """

    def __init__(self, target: Path) -> None:
        """`target`: where dbt leaves run_results.json and the SQL it ran."""
        self.target = target
        self.success = False
        self.problem: BaseException | None = None
        self._events: queue.Queue[Any] = queue.Queue()

    def __iter__(self) -> Iterator[DbtCoreCliEventMessage]:
        """Run the build and give each node's result as dagster-dbt's event."""
        worker = threading.Thread(target=self._run, name="dbt-build", daemon=True)
        worker.start()
        try:
            while (event := self._events.get()) is not None:
                yield DbtCoreCliEventMessage(raw_event=event, event_history_metadata={})
        finally:
            # Whatever went wrong above: a thread that outlives the interpreter aborts the process.
            worker.join()

    def _run(self) -> None:
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.adapters.factory import cleanup_connections, reset_adapters
        from dbt.cli.main import dbtRunner
        from google.protobuf.json_format import MessageToDict

        def listen(event: Any) -> None:
            if event.info.name in RESULT_EVENTS:
                self._events.put(MessageToDict(event, preserving_proto_field_name=True))

        try:
            result = dbtRunner(manifest=_parsed_manifest(), callbacks=[listen]).invoke([
                "--log-level", "none", "--log-level-file", "none",
                "--log-path", str(self.target), "build",
                "--exclude-resource-type", "unit_test", "--project-dir", str(DBT),
                "--profiles-dir", str(DBT), "--target-path", str(self.target)])
            self.success, self.problem = bool(result.success), result.exception
        except BaseException as problem:
            self.problem = problem
        finally:
            # dbt keeps both files open and locked until its connections are closed.
            for close in (cleanup_connections, DuckDBConnectionManager.close_all_connections,
                          reset_adapters):
                close()
            self._events.put(None)
