"""When things run: the daily run, and the watch over runs that died.

Not here: what a run does (assets).
"""

import dagster as dg

from . import fingerprints, orphans, publication
from .settings import Configuration


def daily_run(configuration: Configuration) -> dg.ScheduleDefinition:
    """Every morning; skipped when what the sources deliver has not changed."""

    @dg.schedule(name="daily", job_name="customer360", cron_schedule="0 5 * * *",
                 execution_timezone="UTC",
                 description="Pull, check, build and publish; nothing when nothing changed.")
    def daily() -> dg.RunRequest | dg.SkipReason:
        inputs = fingerprints.inputs_digest(configuration, None)
        done = publication.unchanged(configuration.store, inputs, None)
        if done is not None:
            return dg.SkipReason(f"nothing changed since publication {done.id}")
        return dg.RunRequest()

    return daily


@dg.sensor(name="end_orphaned_runs", minimum_interval_seconds=60,
           default_status=dg.DefaultSensorStatus.RUNNING,
           description="Fails runs whose process is gone, so that none stays started for ever.")
def end_orphaned_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Look for runs that nobody works on any more."""
    ended = orphans.end_orphans(context.instance)
    return dg.SkipReason(f"ended {', '.join(ended)}" if ended else "every started run is alive")
