"""What starts by itself: schedules and the sensor land, one condition builds and publishes."""

from typing import Any

import dagster as dg
import pytest
from scene import Scene

from dagster_project import automation, definitions
from dagster_project.errors import ConfigurationError
from dagster_project.settings import Configuration

ACME = "company_id,name\nC1,Acme\n"
BUILT = [key for asset in (definitions.landed, definitions.dbt, definitions.published)
         for key in asset.keys]


def look(configuration: Configuration, cursor: str | None = None) -> dg.SensorResult:
    sensor = automation.new_deliveries(configuration, [dg.job(name="land_crm")(lambda: None)])
    with dg.build_sensor_context(cursor=cursor) as context:
        result = sensor(context)
    assert isinstance(result, dg.SensorResult)
    return result


def looks(configuration: Configuration) -> list[dg.RunRequest]:
    """Two looks, one after the other: what the second asks for."""
    return list(look(configuration, look(configuration).cursor).run_requests or [])


# -- the delivery sensor -----------------------------------------------------------------------


def test_a_delivery_is_landed_once_two_looks_find_it_the_same(scene: Scene) -> None:
    scene.write("companies_2026-06-30.csv", ACME)
    first = look(scene.configuration)
    assert not first.run_requests
    second = look(scene.configuration, first.cursor)
    assert [r.job_name for r in second.run_requests or []] == ["land_crm"]


def test_a_file_that_still_grows_is_not_picked_up(scene: Scene) -> None:
    scene.write("companies_2026-06-30.csv", ACME)
    first = look(scene.configuration)
    scene.write("companies_2026-06-30.csv", ACME + "C2,Globex\n")
    second = look(scene.configuration, first.cursor)
    assert not second.run_requests
    assert look(scene.configuration, second.cursor).run_requests


def test_what_was_landed_by_whomever_is_not_landed_again(scene: Scene) -> None:
    scene.write("companies_2026-06-30.csv", ACME)
    scene.land()
    assert not looks(scene.configuration)
    scene.write("companies_2026-07-01.csv", ACME)
    assert looks(scene.configuration)


def test_a_delivery_without_its_required_manifest_is_still_on_its_way(scene: Scene) -> None:
    scene.configure(COMPANIES_WITH_MANIFEST)
    scene.write("companies_2026-06-30.csv", ACME)
    scene.write("companies_2026-06-29.csv", ACME, rows=1)
    scene.land()
    assert not looks(scene.configuration)
    scene.write("companies_2026-06-30.csv", ACME, rows=1)
    assert looks(scene.configuration)


def test_a_file_that_cannot_be_picked_up_gets_a_run_that_says_why(scene: Scene) -> None:
    scene.write("companies_soon.csv", ACME)
    first, second = looks(scene.configuration), looks(scene.configuration)
    assert [r.job_name for r in first] == ["land_crm"]
    assert first[0].run_key == second[0].run_key, "the same fault starts no second run"


COMPANIES_WITH_MANIFEST: dict[str, Any] = {
    "name": "crm", "role": "crm", "connection": {"path": "in", "manifest": "required"},
    "load_date": {"file_name": r"_(\d{4}-\d{2}-\d{2})\."},
    "extracts": {"companies": {"files": "companies_*"}},
    "tables": {"crm_company": {"from": "companies"}}}


# -- schedules and freshness -------------------------------------------------------------------


def scheduled(scene: Scene, **keys: Any) -> Configuration:
    scene.configure({**COMPANIES_WITH_MANIFEST, **keys}, connection={"path": "in"})
    return scene.configuration


def test_a_source_with_a_schedule_is_pulled_by_the_clock_of_its_zone(scene: Scene) -> None:
    configuration = scheduled(
        scene, schedule={"cron": "30 4 * * 1-5", "time_zone": "Europe/Berlin"})
    daily, pull = automation.schedules(configuration)
    assert (daily.name, daily.cron_schedule, daily.execution_timezone) == (
        "daily", "0 5 * * *", "UTC")
    assert (pull.name, pull.cron_schedule, pull.execution_timezone) == (
        "pull_crm", "30 4 * * 1-5", "Europe/Berlin")


def test_a_scheduled_pull_is_skipped_when_nothing_new_lies_there(scene: Scene) -> None:
    configuration = scheduled(scene, schedule={"cron": "30 4 * * *"})
    pull = automation.schedules(configuration)[1]
    scene.write("companies_2026-06-30.csv", ACME)
    assert tick(pull).run_requests
    scene.land()
    skipped = tick(pull)
    assert not skipped.run_requests
    assert skipped.skip_message == "crm has delivered nothing new"


def tick(schedule: dg.ScheduleDefinition) -> Any:
    with dg.DagsterInstance.ephemeral() as instance:
        return schedule.evaluate_tick(dg.build_schedule_context(instance=instance))


@pytest.mark.parametrize("cron", ["99 4 * * *", "0 4 * * mo"])
def test_a_schedule_that_cron_does_not_know_is_refused_by_its_source(
        scene: Scene, cron: str) -> None:
    configuration = scheduled(scene, schedule={"cron": cron})
    with pytest.raises(ConfigurationError, match=r"source crm: schedule: .* is no time that cron"):
        automation.schedules(configuration)


def test_an_expected_delivery_has_a_deadline_by_the_clock_of_its_zone(scene: Scene) -> None:
    configuration = scheduled(scene, expected={
        "by": "0 6 * * 1-5", "time_zone": "Europe/Berlin", "within_hours": 12})
    policy: Any = automation.freshness(configuration, configuration.sources[0])
    assert (policy.deadline_cron, policy.timezone) == ("0 6 * * 1-5", "Europe/Berlin")
    assert policy.lower_bound_delta.total_seconds() == 12 * 3600
    nothing_expected = scheduled(scene)
    assert automation.freshness(nothing_expected, nothing_expected.sources[0]) is None


def test_a_window_longer_than_the_time_between_deadlines_is_refused(scene: Scene) -> None:
    configuration = scheduled(scene, expected={"by": "0 * * * *", "within_hours": 2})
    with pytest.raises(ConfigurationError, match="within_hours 2 is longer"):
        automation.freshness(configuration, configuration.sources[0])


def test_the_delivery_materialises_only_when_something_new_was_landed(scene: Scene) -> None:
    """Its freshness is that of the deliveries, not that of looking for them."""
    scene.write("companies_2026-06-30.csv", ACME)
    asset = definitions.assets.source_assets(
        scene.configuration, scene.configuration.sources[0], None)
    with dg.DagsterInstance.ephemeral() as instance:
        for materialised in (["delivery", "crm_company"], ["crm_company"]):
            result = dg.materialize([asset], instance=instance)
            assert sorted(e.asset_key.path[1] for e in result.get_asset_materialization_events()
                          ) == sorted(materialised)


# -- the one trigger ---------------------------------------------------------------------------


def materialised(instance: dg.DagsterInstance, key: dg.AssetKey, version: str) -> None:
    instance.report_runless_asset_event(dg.AssetMaterialization(
        key, tags={"dagster/data_version": version}))


def test_one_changed_source_builds_everything_and_publishes_in_one_run() -> None:
    company = dg.AssetKey(["crm", "crm_company"])
    sources = [key for asset in definitions.sources for key in asset.keys]
    with dg.DagsterInstance.ephemeral() as instance:
        for key in (*sources, *BUILT):
            materialised(instance, key, "1")

        def requested(cursor: Any) -> Any:
            return dg.evaluate_automation_conditions(definitions.defs, instance, cursor=cursor)

        first = requested(None)
        assert first.total_requested == 0
        materialised(instance, company, "1")
        same = requested(first.cursor)
        assert same.total_requested == 0, "the same rows again are no change"
        materialised(instance, company, "2")
        changed = requested(same.cursor)
        # The landed tables come in one step: with one of them Dagster asks for all.
        asked = {r.key for r in changed.results if r.true_subset.size}
        balance = dg.AssetCheckKey(dg.AssetKey(["landed", "balance_check"]), "law_2_balances")
        assert asked | definitions.landed.keys == {*BUILT, balance}
        assert asked & definitions.landed.keys
        again = requested(changed.cursor)
        assert again.total_requested == 0


def test_a_crashed_build_is_retried_from_the_start() -> None:
    """A retry of the unfinished steps alone would publish what another run prepared."""
    repository = definitions.defs.get_repository_def()
    for tags in (repository.get_job("customer360").tags,
                 repository.get_sensor_def("build_and_publish").run_tags):
        assert tags["dagster/retry_strategy"] == "ALL_STEPS"
