"""Where a mart's columns come from, as Dagster shows it."""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from dagster_project import automation, column_lineage, dbt_project, fingerprints
from dagster_project.dbt_assets import Translator

MART = "model.customer360.credit_hold"
SQL = """
with holds as (select * from "private"."intermediate"."int_subject_holds")
select holds.id, holds.overdue + holds.fees as due from holds
"""


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "column_lineage.json"
    monkeypatch.setattr(column_lineage, "KEPT", path)
    return path


def result(manifest: dict[str, Any]) -> DbtCoreCliEventMessage:
    node = manifest["nodes"][MART]
    return DbtCoreCliEventMessage({
        "info": {"name": "LogModelResult", "msg": "", "invocation_id": "i"},
        "data": {"status": "success", "node_info": {
            "unique_id": MART, "node_status": "success", "resource_type": "model",
            "materialized": "table", "node_path": node["path"],
            "node_started_at": "2026-06-30T05:00:00", "node_finished_at": "2026-06-30T05:00:01"}},
    }, {})


def test_a_columns_lineage_names_the_columns_it_is_made_of(kept: Path, tmp_path: Path) -> None:
    manifest = dbt_project.manifest()
    node = manifest["nodes"][MART]
    compiled = tmp_path / "compiled" / "customer360" / node["original_file_path"]
    compiled.parent.mkdir(parents=True)
    compiled.write_text(SQL)

    column_lineage.read(
        manifest, Translator(automation.BUILT_TOGETHER), tmp_path, [result(manifest)],
        {'"private"."intermediate"."int_subject_holds"': {
            "id": "VARCHAR", "overdue": "DECIMAL(18,4)", "fees": "DECIMAL(18,4)"},
         node["relation_name"]: {"id": "VARCHAR", "due": "DECIMAL(18,4)"}})

    holds = dg.AssetKey(["intermediate", "int_subject_holds"])
    found = (column_lineage.kept() or {})["credit_hold"].deps_by_column
    assert {column: {(d.asset_key, d.column_name) for d in deps}
            for column, deps in found.items()} == {
        "id": {(holds, "id")}, "due": {(holds, "overdue"), (holds, "fees")}}


def test_a_columns_description_says_where_it_comes_from() -> None:
    holds = dg.AssetKey(["intermediate", "int_subject_holds"])
    lineage = dg.TableColumnLineage({"due": [
        dg.TableColumnDep(holds, name) for name in ("f", "e", "d", "c", "b", "a")]})
    described = {column_lineage.SCHEMA: dg.TableSchema([
        dg.TableColumn("due", "decimal(18,4)", description="What is due."),
        dg.TableColumn("as_of_date", "date", description="The date.")])}
    due, as_of = column_lineage.shown(lineage, described)[column_lineage.SCHEMA].columns
    assert due.description == (
        "What is due.\n\nFrom `int_subject_holds.a`, `int_subject_holds.b`, "
        "`int_subject_holds.c`, `int_subject_holds.d` and 2 more")
    assert as_of.description == "The date."
    assert column_lineage.shown(None, described) == {}


def test_lineage_of_another_state_of_the_project_is_not_shown(
        kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert column_lineage.kept() is None
    column_lineage.read({"nodes": {}}, Translator(automation.BUILT_TOGETHER), kept.parent, [], {})
    assert column_lineage.kept() == {}
    monkeypatch.setattr(fingerprints, "dbt_version", lambda: "another")
    assert column_lineage.kept() is None
