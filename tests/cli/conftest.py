"""A published version whose marts have the columns the models promise, filled by hand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from dagster_project.publication import DATABASE, Publication, current
from dagster_project.settings import Configuration, load

MARTS = Path(__file__).parents[2] / "dbt" / "models" / "marts"

Row = dict[str, Any]


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
    """Make `current` a version with these rows, by mart; every other mart is empty."""
    def publish(**rows: list[Row]) -> Publication:
        folder = configuration.store.publications / "00001_2026-06-30"
        folder.mkdir()
        with duckdb.connect(str(folder / DATABASE)) as con:
            for path in MARTS.rglob("*.yml"):
                for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
                    columns = ", ".join(f'"{c["name"]}" {c["data_type"]}'
                                        for c in model["columns"])
                    con.execute(f"create table {model['name']} ({columns})")
            for mart, given in rows.items():
                for row in given:
                    con.execute(f"insert into {mart} ({', '.join(row)}) values "
                                f"({', '.join('?' * len(row))})", [*row.values()])
        (folder / "publication.json").write_text(json.dumps({
            "publication_id": folder.name, "as_of_date": "2026-06-30", "past": False,
            "files": {}, "warnings": []}))
        (folder.parent / "current").symlink_to(folder.name)
        version = current(configuration.store)
        assert version is not None
        return version

    return publish
