"""Runs whose process is gone, told apart from runs that work: by process id and start time.

Dagster does not notice that a run executed in a command's own process was killed; it would stand
as started for ever. Every run therefore carries its process as tags, and whoever comes next ends
those that nobody works on any more.
"""

import os
from pathlib import Path

import dagster as dg

PROCESS_TAG = "customer360/process"
STARTED_BY_TAG = "customer360/started_by"
UNFINISHED = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING,
              dg.DagsterRunStatus.CANCELING]


def process_mark(pid: int) -> str | None:
    """`PID@START` of a living process (start in clock ticks since boot), None for a dead one."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return _mark_without_proc(pid)
    fields = stat[stat.rfind(")") + 2:].split()
    return None if fields[0] == "Z" else f"{pid}@{fields[19]}"


def _mark_without_proc(pid: int) -> str | None:
    """Where there is no /proc, a living process is known by its number alone."""
    if Path("/proc/self").exists():
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return f"{pid}@0"


def tag_run(instance: dg.DagsterInstance, run_id: str) -> None:
    """Say which process works on which run: a retry inherits the tags of the run it retries."""
    mark = process_mark(os.getpid())
    run = instance.get_run_by_id(run_id)
    stated = f"{mark} for {run_id}"
    if mark and run and run.tags.get(PROCESS_TAG) != stated:
        instance.add_run_tags(run_id, {PROCESS_TAG: stated})


def end_orphans(instance: dg.DagsterInstance) -> list[str]:
    """Fail every unfinished run whose process is gone; their ids."""
    ended = []
    for run in instance.get_runs(dg.RunsFilter(statuses=UNFINISHED)):
        mark, _, marked = run.tags.get(PROCESS_TAG, "").partition(" for ")
        if marked != run.run_id or process_mark(int(mark.split("@")[0])) == mark:
            continue
        instance.report_run_failed(run, f"its process ({mark.split('@')[0]}) is gone: it was "
                                        "killed, or the machine went down. What it had not "
                                        "finished, the next run finishes or does again.")
        ended.append(run.run_id)
    return ended
