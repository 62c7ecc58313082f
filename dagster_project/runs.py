"""A run from the command line: the same Dagster job, in this process, in the same history.

Not here: what is shown to the person (cli), what the job does (assets).
"""

import logging
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
from sqlalchemy.exc import DatabaseError

from . import orphans
from .errors import StoreError
from .settings import Configuration, export_for_children


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended; `problems` are the messages of the steps that failed, in order."""

    run_id: str
    success: bool
    problems: tuple[str, ...]


def prepare_instance(configuration: Configuration) -> None:
    """Put the shipped instance configuration where Dagster looks for it."""
    shipped = Path(__file__).with_name("dagster.yaml")
    there = configuration.store.dagster_home / "dagster.yaml"
    if not there.exists() or there.read_bytes() != shipped.read_bytes():
        shutil.copyfile(shipped, there)
    export_for_children(configuration)


@contextmanager
def _instance(configuration: Configuration) -> Iterator[dg.DagsterInstance]:
    """Dagster's instance of this data folder. Raises StoreError where its storage is damaged."""
    try:
        instance = dg.DagsterInstance.get()
        instance.get_runs(limit=1)
    except DatabaseError as problem:
        home = configuration.store.dagster_home
        raise StoreError(
            f"{home}: Dagster's database cannot be read ({problem.orig}). It holds the history of "
            f"runs and no figure; move the folder aside (mv {home} {home}-damaged) and run again. "
            "Nothing was started; the last publication stays current.") from None
    with instance:
        yield instance


def execute(configuration: Configuration, *, as_of: date | None, force: bool,
            on_event: Callable[[Any], None]) -> RunOutcome:
    """Execute the whole job in this process. `on_event` sees every Dagster event as it happens."""
    prepare_instance(configuration)
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    from .definitions import defs

    with _instance(configuration) as instance:
        orphans.end_orphans(instance)
        configuration.store.unfinished_run.touch()
        run_id = str(uuid.uuid4())
        problems: list[str] = []

        def listen(event: Any) -> None:
            inner = event.dagster_event
            if inner is not None:
                if inner.event_type_value == "STEP_FAILURE":
                    problems.append(_message(inner))
                on_event(inner)

        instance.add_event_listener(run_id, listen)
        result = defs.resolve_job_def("customer360").execute_in_process(
            instance=instance, run_id=run_id, raise_on_error=False,
            run_config={
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                "ops": {"landed": {"config": {
                    "as_of_date": as_of.isoformat() if as_of else None, "force": force}}}},
            tags={orphans.STARTED_BY_TAG: "command line"})
        configuration.store.unfinished_run.unlink()
        return RunOutcome(run_id, result.success, tuple(problems))


def end_killed(configuration: Configuration) -> None:
    """Fail the runs that were killed, where there is nothing to run that would do it."""
    prepare_instance(configuration)
    with _instance(configuration) as instance:
        orphans.end_orphans(instance)
    configuration.store.unfinished_run.unlink()


def _message(event: Any) -> str:
    """The reason of a failed step as its author wrote it."""
    data = event.event_specific_data
    failure = getattr(data, "user_failure_data", None)
    if failure is not None and failure.description:
        return str(failure.description)
    error = data.error
    if error is not None and error.cls_name == "DagsterExecutionInterruptedError":
        return f"{event.step_key}: the run was told to stop; the last publication stays current."
    while error is not None and error.cause is not None:
        error = error.cause
    return f"{event.step_key}: {error.message.strip() if error else 'failed'}"
