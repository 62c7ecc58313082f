"""Named points at which a test can kill, break or fill the disk under a run.

A point does nothing unless it was armed (`CUSTOMER360_FAULT=point:action`, read by `settings`).
Actions: `kill` (SIGKILL to this process), `raise`, `enospc` (as a full disk would answer).
`POINTS` are all that a run comes to, so that the suite can visit every one of them.
"""

import errno
import os
import signal

POINTS = (
    "land.blob",
    "land.manifest",
    "land.parsed",
    "check.mapped",
    "check.accepted",
    "check.summary",
    "build.landed",
    "dbt.staging",
    "dbt.intermediate",
    "dbt.marts",
    "audit.checks",
    "audit.seal",
    "publish.export",
    "publish.fsync",
    "publish.pending",
    "publish.rename",
    "publish.register",
    "publish.swap",
    "publish.log",
    "publish.collect",
    "publish.remove",
)
# Those of a release, which no run comes to.
RELEASE_POINTS = ("release.write", "release.written")
ACTIONS = ("kill", "raise", "enospc")

_armed: dict[str, str] = {}


def arm(point: str, action: str) -> None:
    """Arm one point. Raises ValueError for a point or an action that does not exist."""
    if point not in POINTS + RELEASE_POINTS or action not in ACTIONS:
        raise ValueError(f"no fault point {point!r} with action {action!r}")
    _armed[point] = action


def disarm() -> None:
    """Forget every armed point."""
    _armed.clear()


def reach(point: str) -> None:
    """Say that the run has come to `point`; does what was armed there."""
    action = _armed.get(point)
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "raise":
        raise RuntimeError(f"fault injected at {point}")
    elif action == "enospc":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), point)
