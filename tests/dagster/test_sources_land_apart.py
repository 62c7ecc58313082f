"""One source that cannot be landed keeps none of the others from landing."""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml
from scene import COMPANIES, LEDGER

from dagster_project import assets, settings


@pytest.fixture
def configuration(tmp_path: Path) -> settings.Configuration:
    """A CRM whose folder is not there, and a ledger that delivers."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "customers_2026-06-30.csv").write_text("No,Name\nK1,Acme\n")
    sources: list[dict[str, Any]] = [
        COMPANIES | {"connection": {"type": "files", "path": "nowhere"}},
        LEDGER | {"connection": {"type": "files", "path": "in"}}]
    path = tmp_path / "customer360.yaml"
    path.write_text(yaml.safe_dump({
        "company": "Firm", "reporting_currency": "EUR", "sources": sources}))
    return settings.load(path)


def test_the_others_land_and_the_failure_says_what_is_missing(
        configuration: settings.Configuration) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [assets.source_assets(configuration, source, None) for source in configuration.sources],
            instance=instance, raise_on_error=False)
    assert not result.success
    landed = {e.asset_key.path[0] for e in result.get_asset_materialization_events()
              if e.asset_key is not None}
    assert landed == {"ledger"}
    failure = result.failure_data_for_node("source_crm")
    assert failure is not None
    assert failure.user_failure_data is not None
    assert "source crm: its folder" in (failure.user_failure_data.description or "")
    assert "the last publication stays current" in (failure.user_failure_data.description or "")
