"""When things run, and by when they should have: schedules, sensors, freshness, the one trigger.

Schedules and the delivery sensor land; one automation condition builds and publishes what they
changed; the daily run is its fallback. Not here: what a run does (assets).
"""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import dagster as dg
from dagster_shared.check import CheckError

from . import fingerprints, orphans, pipeline, publication
from .errors import ConfigurationError, Customer360Error
from .settings import Configuration, Schedule, Source
from .store import digest

# One run prepares, builds and publishes: what crashed is done again from the start.
RETRY_WHOLE = {"dagster/retry_strategy": "ALL_STEPS"}
# How often the folders are looked into. A delivery is complete when two looks find it the same.
LOOK_SECONDS = 60
RUNNING = dg.DefaultScheduleStatus.RUNNING


def land_jobs(configuration: Configuration) -> list[Any]:
    """One job a source: pull, land, map and check it, and nothing after."""
    return [dg.define_asset_job(
        land_job_name(source), selection=dg.AssetSelection.groups(source.name),
        executor_def=dg.in_process_executor,
        description=f"Pull, land, map and check {source.name}. What changed is then built and "
                    "published by itself.") for source in configuration.sources]


def land_job_name(source: Source) -> str:
    """The job that lands a source."""
    return f"land_{source.name}"


# -- schedules ---------------------------------------------------------------------------------


def schedules(configuration: Configuration) -> list[dg.ScheduleDefinition]:
    """The daily run, and one schedule for each source that states one."""
    return [_daily(configuration)] + [
        _source_schedule(configuration, source, source.schedule)
        for source in configuration.sources if source.schedule]


def _daily(configuration: Configuration) -> dg.ScheduleDefinition:
    def daily() -> dg.RunRequest | dg.SkipReason:
        inputs = fingerprints.inputs_digest(configuration, None)
        done = publication.unchanged(configuration.store, inputs, None)
        if done is not None:
            return dg.SkipReason(f"nothing changed since publication {done.id}")
        return dg.RunRequest()

    return _schedule("daily", "customer360", configuration.schedule, daily,
                     "Pull, check, build and publish; nothing when nothing changed.",
                     f"{configuration.path}: schedule")


def _source_schedule(configuration: Configuration, source: Source,
                     when: Schedule) -> dg.ScheduleDefinition:
    def pull() -> dg.RunRequest | dg.SkipReason:
        if _is_landed(configuration, source):
            return dg.SkipReason(f"{source.name} has delivered nothing new")
        return dg.RunRequest()

    return _schedule(f"pull_{source.name}", land_job_name(source), when, pull,
                     f"Pull {source.name}; nothing when it has delivered nothing new.",
                     f"{configuration.path}: source {source.name}: schedule")


def _schedule(name: str, job: str, when: Schedule, decide: Any, description: str,
              where: str) -> dg.ScheduleDefinition:
    _check_cron(when.cron, where)
    return dg.ScheduleDefinition(
        name=name, job_name=job, cron_schedule=when.cron, execution_timezone=when.time_zone,
        execution_fn=lambda _: decide(), description=description, default_status=RUNNING)


def _check_cron(cron: str, where: str) -> None:
    try:
        dg.ScheduleDefinition(job_name="any", cron_schedule=cron)
    except dg.DagsterInvalidDefinitionError:
        raise ConfigurationError(
            f"{where}: {cron!r} is no time that cron knows: minute, hour, day of the month, month, "
            'day of the week, as in "0 5 * * 1-5"') from None


def freshness(configuration: Configuration, source: Source) -> dg.FreshnessPolicy | None:
    """By when a source's delivery must have come; None where nothing is expected."""
    if source.expected is None:
        return None
    where = f"{configuration.path}: source {source.name}: expected"
    _check_cron(source.expected.by, where)
    try:
        return dg.FreshnessPolicy.cron(
            deadline_cron=source.expected.by, timezone=source.expected.time_zone,
            lower_bound_delta=timedelta(hours=source.expected.within_hours))
    except CheckError:
        raise ConfigurationError(
            f"{where}: within_hours {source.expected.within_hours} is longer than the time between "
            f"two deadlines of {source.expected.by!r}") from None


# -- sensors -----------------------------------------------------------------------------------


def new_deliveries(configuration: Configuration, jobs: Sequence[Any]) -> dg.SensorDefinition:
    """Lands a source as soon as something new and complete lies there."""
    delivering = [s for s in configuration.sources if s.extracts]

    @dg.sensor(name="new_deliveries", minimum_interval_seconds=LOOK_SECONDS,
               jobs=jobs,
               default_status=dg.DefaultSensorStatus.RUNNING,
               description="Lands a source once two looks a minute apart find the same files "
                           "there, and not those that were landed.")
    def look(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        before: Mapping[str, str] = json.loads(context.cursor or "{}")
        now = {s.name: _offer(configuration, s) for s in delivering}
        requests = [
            dg.RunRequest(run_key=f"{s.name} {now[s.name]}", job_name=land_job_name(s))
            for s in delivering
            if before.get(s.name) == now[s.name] and not _is_landed(configuration, s)]
        return dg.SensorResult(
            run_requests=requests, cursor=json.dumps(now),
            skip_reason=None if requests else "nothing new and complete lies at any source")

    return look


def _offer(configuration: Configuration, source: Source) -> str:
    """What a source offers; something that cannot be picked up is an offer of its own.

    A run is asked for then too, once: it fails, and its failure says what is wrong.
    """
    try:
        return pipeline.offer(configuration, source)
    except Customer360Error as problem:
        return digest(str(problem))


def _is_landed(configuration: Configuration, source: Source) -> bool:
    try:
        return pipeline.is_landed(configuration, source)
    except Customer360Error:
        return False


@dg.sensor(name="end_orphaned_runs", minimum_interval_seconds=60,
           default_status=dg.DefaultSensorStatus.RUNNING,
           description="Fails runs whose process is gone, so that none stays started for ever.")
def end_orphaned_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Look for runs that nobody works on any more."""
    ended = orphans.end_orphans(context.instance)
    return dg.SkipReason(f"ended {', '.join(ended)}" if ended else "every started run is alive")


# -- the one trigger ---------------------------------------------------------------------------

# The rows of a source are others than before, and no run is at work on them or on the build.
SOURCE_CHANGED = (
    dg.AutomationCondition.any_deps_match(dg.AutomationCondition.data_version_changed())
    .since_last_handled().with_label("a source changed since the last build")
    & ~dg.AutomationCondition.any_deps_in_progress() & ~dg.AutomationCondition.in_progress())
# The marts rebuild together: whatever is built carries on to the publication.
BUILT_TOGETHER = dg.AutomationCondition.any_deps_match(
    dg.AutomationCondition.will_be_requested()).with_label("what it is made of is built")


def build_and_publish(built: Sequence[dg.AssetKey]) -> dg.AutomationConditionSensorDefinition:
    """Builds and publishes in one run as soon as a landed source changed."""
    return dg.AutomationConditionSensorDefinition(
        "build_and_publish", target=dg.AssetSelection.assets(*built),
        minimum_interval_seconds=LOOK_SECONDS, default_status=dg.DefaultSensorStatus.RUNNING,
        run_tags=RETRY_WHOLE,
        description="Builds and publishes once the rows of any source have changed.")
