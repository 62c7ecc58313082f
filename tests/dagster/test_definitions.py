"""What Dagster loads: every table, model and the publication as assets, one job, one trigger."""

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from dagster_project import orphans
from dagster_project.definitions import configuration, defs

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def graph() -> dg.AssetsDefinition:
    return defs.resolve_asset_graph()


def test_every_mapped_table_of_every_source_is_an_asset_in_its_sources_group(graph) -> None:
    for source in configuration.sources:
        for table in source.tables:
            key = dg.AssetKey([source.name, table])
            assert graph.get(key).group_name == source.name


def test_a_contract_table_leads_through_landed_and_dbt_to_the_publication(graph) -> None:
    landed = graph.get(dg.AssetKey(["landed", "erp_account"]))
    assert dg.AssetKey(["atlas", "erp_account"]) in landed.parent_keys
    staging = graph.get(dg.AssetKey(["staging", "stg_erp_account"]))
    assert dg.AssetKey(["landed", "erp_account"]) in staging.parent_keys
    published = graph.get(dg.AssetKey(["publication"]))
    assert dg.AssetKey(["marts", "customer_360"]) in published.parent_keys


def test_every_asset_is_described_and_has_kinds(graph) -> None:
    keys = list(graph.get_all_asset_keys())
    assert len(keys) > 100
    undescribed = [k for k in keys if not graph.get(k).description and k.path[0] != "intermediate"
                   and k.path[0] != "staging"]
    assert undescribed == []
    assert [k for k in keys if not graph.get(k).kinds] == []


def test_contract_checks_and_tests_of_marts_are_asset_checks(graph) -> None:
    checks = {(c.asset_key.path[0], c.name) for c in graph.asset_check_keys}
    assert ("atlas", "contract") in checks
    assert ("landed", "law_2_balances") in checks
    assert ("publication", "fit_to_publish") in checks
    assert ("marts", "assert_ageing_is_the_sum_of_its_buckets") in checks
    assert ("marts", "assert_accounts_customers_and_groups_age_alike") in checks


def test_the_as_of_date_is_run_configuration() -> None:
    job = defs.resolve_job_def("customer360")
    assert dg.validate_run_config(job, {"ops": {"landed": {"config": {
        "as_of_date": "2026-03-31", "force": False}}}})


def test_schedules_land_sensors_look_and_watch() -> None:
    repository = defs.get_repository_def()
    assert sorted(s.name for s in repository.schedule_defs) == [
        "daily", "pull_atlas", "pull_borealis", "pull_crm"]
    assert sorted(s.name for s in repository.sensor_defs) == [
        "build_and_publish", "end_orphaned_runs", "new_deliveries"]


def test_whatever_starts_a_build_builds_all_of_it_with_its_checks(graph) -> None:
    """Dagster leaves checks out of a run it asks for, unless one of them has a condition too."""
    balance = dg.AssetCheckKey(dg.AssetKey(["landed", "balance_check"]), "law_2_balances")
    assert graph.get(balance).automation_condition is not None
    inner = [k for k in graph.get_all_asset_keys() if k.path[0] in (
        "landed", "staging", "intermediate", "marts", "publication")]
    assert [k for k in inner if graph.get(k).automation_condition is None] == []
    assert [k for k in inner if not graph.get(k).parent_keys] == []


def test_assets_say_who_owns_them(graph) -> None:
    named = {("crm", "crm_company"): "team:sales", ("marts", "credit_hold"): "team:credit-control",
             ("publication",): "team:data"}
    assert {path: graph.get(dg.AssetKey(path)).owners for path in named} == {
        path: [owner] for path, owner in named.items()}


def test_the_rooms_below_know_no_orchestrator() -> None:
    """The whole pipeline below the assets is importable, and quick to test, without Dagster."""
    code = ("import sys, dagster_project.pipeline; "
            "assert not {'dagster', 'dbt'} & {m.split('.')[0] for m in sys.modules}")
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_a_run_with_nothing_to_do_imports_nothing_heavy() -> None:
    code = ("import sys, dagster_project.cli; heavy = {'dagster', 'dbt', 'pandera', 'polars', "
            "'duckdb', 'pyarrow', 'schemas'} & {m.split('.')[0] for m in sys.modules}; "
            "assert not heavy, heavy")
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def started_run(instance: dg.DagsterInstance, mark: str | None,
                marked: str | None = None) -> dg.DagsterRun:
    run = instance.create_run_for_job(dg.job(name="j")(lambda: None))
    if mark:
        instance.add_run_tags(run.run_id, {
            orphans.PROCESS_TAG: f"{mark} for {marked or run.run_id}"})
    instance.report_dagster_event(dg.DagsterEvent(
        dg.DagsterEventType.PIPELINE_START.value, "j"), run.run_id)
    return instance.get_run_by_id(run.run_id)


def test_a_run_whose_process_is_gone_is_failed_and_others_are_left() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        dead = subprocess.Popen([sys.executable, "-c", "pass"])
        mark = f"{dead.pid}@1"
        dead.wait()
        gone = started_run(instance, mark)
        alive = started_run(instance, orphans.process_mark(os.getpid()))
        unmarked = started_run(instance, None)
        retried = started_run(instance, mark, marked=gone.run_id)
        assert orphans.end_orphans(instance) == [gone.run_id]
        assert instance.get_run_by_id(gone.run_id).status == dg.DagsterRunStatus.FAILURE
        for run in (alive, unmarked, retried):
            assert instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.STARTED
