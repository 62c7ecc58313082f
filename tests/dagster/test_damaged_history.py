"""What a run says when Dagster's own database is damaged."""

from pathlib import Path

import pytest

from dagster_project import runs, settings
from dagster_project.errors import StoreError


def test_a_damaged_history_is_named_with_what_to_do(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "customer360.yaml"
    path.write_text("company: X\nreporting_currency: EUR\nsources:\n"
                    "  - {name: a, role: steward, connection: {path: .}, tables: {survivorship: "
                    "{rows: [{field: name, systems: crm}]}}}\n")
    for name in ("CUSTOMER360_CONFIG", "CUSTOMER360_DATA", "DAGSTER_HOME",
                 "DAGSTER_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        monkeypatch.setenv(name, "")
    configuration = settings.load(path)
    history = configuration.store.dagster_home / "history" / "runs.db"
    history.parent.mkdir()
    history.write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError, match="history of runs and no figure"):
        runs.end_killed(configuration)
