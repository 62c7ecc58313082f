"""The progress of a run, drawn from Dagster's events."""

from typing import Any

from rich import progress as rich_progress
from rich.console import Console


class Progress:
    """Steps done of all steps, and what is being done now. Plain lines where there is no screen."""

    def __init__(self, console: Console, *, quiet: bool) -> None:
        """`quiet` shows nothing."""
        self._console = console
        self._quiet = quiet
        self._bar = rich_progress.Progress(
            rich_progress.SpinnerColumn(), rich_progress.TextColumn("{task.description}"),
            rich_progress.BarColumn(), rich_progress.MofNCompleteColumn(),
            rich_progress.TimeElapsedColumn(), console=console,
            disable=quiet or not console.is_terminal, transient=True)
        self._task = self._bar.add_task("starting Dagster and dbt", total=None)
        self._done = 0

    def __enter__(self) -> "Progress":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def on_event(self, event: Any) -> None:
        """Show one Dagster event."""
        kind = event.event_type_value
        if kind == "PIPELINE_START":
            self._bar.update(self._task, description="starting")
        elif kind == "STEP_START":
            self._line(event.step_key, "...")
            self._bar.update(self._task, description=event.step_key)
        elif kind in ("ASSET_MATERIALIZATION", "ASSET_CHECK_EVALUATION"):
            self._done += 1
            self._bar.update(self._task, completed=self._done)
        elif kind == "STEP_FAILURE":
            self._line(event.step_key, "failed")
        elif kind == "STEP_SUCCESS":
            seconds = event.event_specific_data.duration_ms / 1000
            self._line(event.step_key, f"done in {seconds:.1f} s")

    def _line(self, step: str, what: str) -> None:
        if not self._quiet:
            self._console.print(f"  {step:<20} {what}")
