"""The dbt project held against its promises: documented, typed, without a clock, unit-tested."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from dagster_project import warehouse
from dagster_project.store import Store

DBT = Path(__file__).parents[2] / "dbt"
MODELS = sorted((DBT / "models").rglob("*.sql"))
MARTS = sorted((DBT / "models" / "marts").rglob("*.sql"))


def described(model: Path) -> dict[str, object]:
    document = yaml.safe_load(model.with_suffix(".yml").read_text(encoding="utf-8"))
    return next(m for m in document["models"] if m["name"] == model.stem)


def without_comments(sql: str) -> str:
    return re.sub(r"\{#.*?#\}|--[^\n]*", "", sql, flags=re.DOTALL)


@pytest.mark.parametrize("mart", MARTS, ids=lambda p: p.stem)
def test_every_mart_column_says_its_type_and_meaning(mart: Path) -> None:
    columns = described(mart)["columns"]
    assert columns
    for column in columns:
        assert column.get("data_type"), f"{mart.stem}.{column['name']} has no data_type"
        assert len(str(column.get("description", ""))) > 5, f"{mart.stem}.{column['name']}"


@pytest.mark.parametrize("model", MODELS, ids=lambda p: p.stem)
def test_every_model_opens_with_its_grain_and_reads_no_clock(model: Path) -> None:
    text = model.read_text(encoding="utf-8")
    sql = without_comments(text).lower()
    assert "grain: one row per" in text.lower()
    for clock in ("current_date", "current_timestamp", "now()", "today()"):
        assert clock not in sql
    assert not re.search(r"\b(double|float|real)\b", sql), "money is decimal"


def test_only_staging_reads_the_landed_schema() -> None:
    outside = [m.stem for m in MODELS if "staging" not in m.parts
               and re.search(r"\bsource\(", without_comments(m.read_text(encoding="utf-8")))]
    assert outside == []


@pytest.fixture(scope="module")
def empty_landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder to which nobody has delivered anything: every landed table typed and empty."""
    root = tmp_path_factory.mktemp("nothing")
    warehouse.prepare(Store(root), warehouse.Inputs({}, {}, (), (), ()))
    return root


def dbt(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments,
         "--project-dir", str(DBT), "--profiles-dir", str(DBT),
         "--target-path", str(data / "target"), "--log-path", str(data / "logs")],
        env=os.environ | {"CUSTOMER360_DATA": str(data)}, cwd=data, text=True,
        capture_output=True, check=False)


def test_models_build_on_nothing_and_unit_tests_pass(empty_landed: Path) -> None:
    """A table that nobody delivers is empty and typed: its marts are built, and empty."""
    done = dbt(empty_landed, "build")
    results = json.loads((empty_landed / "target" / "run_results.json").read_text())["results"]
    kinds = {r["unique_id"].split(".")[0] for r in results}
    wrong = {r["unique_id"]: r["message"] for r in results
             if r["status"] not in ("success", "pass")
             and not r["unique_id"].startswith("exposure.")}  # of which nothing is built
    assert wrong == {}, done.stdout[-3000:]
    assert {"model", "test", "unit_test"} <= kinds
