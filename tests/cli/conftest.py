"""A company of inline rows, and a published version whose marts are filled by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import hand_marts
import pytest

from dagster_project.publication import Publication
from dagster_project.settings import Configuration, load


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
