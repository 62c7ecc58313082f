"""The schema that editors complete by says what the product takes, and nothing else."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import schemas
from dagster_project import editor_schema, settings, strict_yaml

COMMITTED = settings.PROJECT / "docs" / "customer360.schema.json"
CONFIGURATIONS = [settings.DEMO_CONFIGURATION,
                  *sorted((settings.PROJECT / "tests" / "real").glob("*.yaml"))]


def plain(value: Any) -> Any:
    """Values as an editor sees them: no dates and no decimals of their own."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def problems(configuration: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(editor_schema.schema())
    return [error.message for error in validator.iter_errors(plain(configuration))]


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.name)
def test_a_configuration_that_works_fits_the_schema(path: Path) -> None:
    assert problems(strict_yaml.read(path)) == []


def test_the_committed_schema_is_current() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == editor_schema.text(), (
        "make it anew: customer360 schema > docs/customer360.schema.json")


def test_every_key_and_every_contract_column_is_described() -> None:
    stated = editor_schema.schema()
    keys = {f"{name}.{key}": shape for name, part in stated["$defs"].items()
            if name not in schemas.TABLES for key, shape in part.get("properties", {}).items()}
    assert [name for name, shape in keys.items() if not shape.get("description")] == []
    for table in schemas.TABLES.values():
        columns = stated["$defs"][table.name]["properties"]["columns"]["properties"]
        assert list(columns) == [column.name for column in table.columns]
        assert all(shape["description"] for shape in columns.values())


@pytest.mark.parametrize("wrong", [
    {"tables": {"erp_acount": {"from": "customers"}}},
    {"tables": {"erp_account": {"from": "customers", "columns": {"acount_id": "No"}}}},
    {"tables": {"erp_account": {"from": "customers", "columns": {"account_id": {"sq": "No"}}}}},
    {"connection": {"path": "in", "delimter": ";"}},
])
def test_a_slip_in_a_key_does_not_fit(wrong: dict[str, Any]) -> None:
    source = {"name": "ledger", "role": "erp", "connection": {"path": "in"},
              "tables": {"erp_account": {"from": "customers"}}}
    stated = {"company": "Test", "reporting_currency": "EUR", "sources": [source | wrong]}
    assert problems({**stated, "sources": [source]}) == []
    assert problems(stated) != []
