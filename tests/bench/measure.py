"""What a command costs: wall seconds, CPU seconds and the peak memory of all its processes.

Memory is the proportional set size (PSS) of the process and of all below it, added up and sampled;
a page that two of them share counts once. Linux only.
"""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Adding up a gigabyte of pages takes some hundredths of a second of a core.
SAMPLE_SECONDS = 0.5
# How late the end of a process may be noticed.
POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Cost:
    """Wall and CPU seconds, and megabytes at the peak."""

    wall: float
    cpu: float
    peak_mb: float


def cost(command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end, its output in `log`. Raises RuntimeError where it fails."""
    with log.open("wb") as out:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT,
                                   env={**os.environ, **(environment or {})})
        peak, sampled = 0, 0.0
        while True:
            done, status, usage = os.wait4(process.pid, os.WNOHANG)
            if done:
                break
            if time.monotonic() - sampled >= SAMPLE_SECONDS:
                peak = max(peak, _family_kb(process.pid))
                sampled = time.monotonic()
            time.sleep(POLL_SECONDS)
        wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n"
                           f"{log.read_text(errors='replace')[-4000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, peak / 1024)


def _family_kb(pid: int) -> int:
    """PSS of a process and of all below it; one that ends meanwhile counts nothing."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        children = [int(child) for task in Path(f"/proc/{pid}/task").iterdir()
                    for child in (task / "children").read_text().split()]
    except OSError:
        return 0
    own = next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
    return own + sum(map(_family_kb, children))
