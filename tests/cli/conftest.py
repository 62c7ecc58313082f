"""A published version whose marts are filled by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import hand_marts
import pytest

from dagster_project.publication import Publication
from dagster_project.settings import Configuration, load


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    path = tmp_path / "customer360.yaml"
    path.write_text("""
company: Inline
reporting_currency: EUR
sources:
  - name: ledger
    role: erp
    settlement: none
    connection: {path: .}
    tables:
      erp_entity:
        rows: [{entity_id: E, name: E, base_currency: EUR, fiscal_year_start_month: 1}]
""")
    return load(path)


@pytest.fixture
def published(configuration: Configuration) -> Callable[..., Publication]:
    """Make `current` a version of these marts with these rows."""
    def publish(**rows: list[dict[str, Any]]) -> Publication:
        return hand_marts.publish(configuration.store, rows)

    return publish
