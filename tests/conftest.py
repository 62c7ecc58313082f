"""Fixtures that several folders share, and which tests share a worker."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import hand_marts
import pytest
from scene import Scene

from dagster_project.publication import Publication
from dagster_project.settings import Configuration, load

ROOT = Path(__file__).parent
# Tests that share a costly fixture (a published demo, a warm process) run on one worker, so that
# two workers do not each make it.
TOGETHER = ("cases", "dbt", "oracle", "real", "faults", "faults/test_whole_runs.py")


def pytest_itemcollected(item: pytest.Item) -> None:
    where = item.path.relative_to(ROOT)
    names = [name for name in TOGETHER if where.is_relative_to(name)]
    if names:
        item.add_marker(pytest.mark.xdist_group(names[-1].replace("/", " ")))


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


@pytest.fixture
def configuration_file(tmp_path: Path) -> Path:
    """One ERP source with inline rows alone: nothing to deliver, nothing published."""
    path = tmp_path / "customer360.yaml"
    path.write_text("""
company: Inline
reporting_currency: EUR
as_of_date: 2026-06-30
data_dir: data
sources:
  - name: ledger
    role: erp
    settlement: none
    connection: {path: .}
    tables:
      erp_entity:
        rows: [{entity_id: E, name: E, base_currency: EUR, fiscal_year_start_month: 1}]
      erp_account:
        rows:
          - {account_id: A, entity_id: E, account_code: A, name: A, account_type: open_item,
             status: active}
""")
    return path


@pytest.fixture
def configuration(configuration_file: Path) -> Configuration:
    return load(configuration_file)


@pytest.fixture
def published(configuration: Configuration) -> Callable[..., Publication]:
    """Make `current` a version of these marts with these rows."""
    def publish(**rows: list[dict[str, Any]]) -> Publication:
        return hand_marts.publish(configuration.store, rows)

    return publish
