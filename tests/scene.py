"""One source in a folder of its own: extracts are written, landed, mapped, and looked at.

The default source is a CRM that delivers `companies*.csv` in the contract's own column names.
Whatever is landed here has to balance: law 2 is asserted of every load.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import yaml

import schemas
from dagster_project import pipeline, settings

COMPANIES: dict[str, Any] = {
    "name": "crm",
    "role": "crm",
    "load_date": {"file_name": r"_(\d{4}-\d{2}-\d{2})\."},
    "extracts": {"companies": {"files": "companies_*"}},
    "tables": {"crm_company": {"from": "companies"}},
}
LEDGER: dict[str, Any] = {
    "name": "ledger",
    "role": "erp",
    "settlement": "none",
    "load_date": {"file_name": r"_(\d{4}-\d{2}-\d{2})\."},
    "extracts": {"customers": {"files": "customers_*"}},
    "tables": {
        "erp_entity": {"rows": [{"entity_id": "E1", "name": "The firm", "base_currency": "EUR",
                                 "fiscal_year_start_month": 1}]},
        "erp_account": {
            "from": "customers",
            "columns": {"account_id": "No", "entity_id": {"constant": "E1"}, "account_code": "No",
                        "name": "Name", "account_type": {"constant": "open_item"},
                        "status": {"constant": "active"}}},
    },
}


class Scene:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "in"
        self.folder.mkdir()
        self.limits: dict[str, Any] = {"max_bad_rows_pct": 100}
        self.configure(COMPANIES)

    def configure(self, stated: Mapping[str, Any], **changes: Any) -> None:
        """State the source; the connection's keys may be given as `connection`."""
        source = {**stated, **changes}
        source["connection"] = {"type": "files", "path": "in", **changes.get("connection", {})}
        text = yaml.safe_dump({
            "company": "Test", "reporting_currency": "EUR", "sources": [source], **self.limits},
            sort_keys=False)
        (self.root / "customer360.yaml").write_text(text, encoding="utf-8")

    def write(self, name: str, content: str | bytes, **manifest: Any) -> Path:
        """Lay a delivery down, with a manifest beside it if anything is said of it."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        if manifest:
            beside = self.folder / f"{name}.manifest.json"
            beside.write_text(json.dumps(manifest), encoding="utf-8")
        return path

    @property
    def configuration(self) -> settings.Configuration:
        return settings.load(self.root / "customer360.yaml")

    def land(self) -> pipeline.SourceResult:
        configuration = self.configuration
        result = pipeline.land_source(configuration, configuration.sources[0])
        for checked in result.tables.values():
            assert checked.balances, checked
            for one in checked.inputs:
                assert one["driving"] == one["mapped"] + one["filtered"] + one["merged"], one
        assert all(balance[7] == 0 for balance in result.load_balances), result.load_balances
        return result

    def accepted(self, result: pipeline.SourceResult, table: str) -> list[dict[str, Any]]:
        """Accepted rows, by key: the columns that hold anything, and their lineage."""
        keys = ", ".join(schemas.TABLES[table].key)
        return query(f"from read_parquet('{result.tables[table].accepted_path}') order by {keys}")

    def values(self, result: pipeline.SourceResult, table: str, *columns: str) -> list[Any]:
        """Some columns of the accepted rows, by key; plain values where it is one column."""
        rows = self.accepted(result, table)
        return [r[columns[0]] if len(columns) == 1 else tuple(r[c] for c in columns) for r in rows]

    def quarantined(self, result: pipeline.SourceResult) -> list[dict[str, Any]]:
        """Every row that was not accepted, unreadable records included, by file and line."""
        files = [c.quarantine_path for c in result.tables.values()] + [result.unreadable]
        listed = ", ".join(f"'{path}'" for path in files)
        return query(f"from read_parquet([{listed}]) order by source_file, source_line, table_name")

    def reasons(self, result: pipeline.SourceResult) -> list[tuple[str, int, str]]:
        return [(r["source_file"], r["source_line"], r["reasons"])
                for r in self.quarantined(result)]


def query(sql: str) -> list[dict[str, Any]]:
    found = duckdb.sql(f"select * from ({sql})")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
