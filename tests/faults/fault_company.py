"""A company small enough to be run many times: one CRM, one ledger, a steward's files.

Here: its configuration, its extracts of two month ends, and what a test compares of its data
folder. `MAY` and `JUNE` are whole deliveries; June changes, adds, deletes and has a bad row.
"""

import csv
import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import yaml

Delivery = Mapping[str, Sequence[Mapping[str, str]]]
ROLES = {
    "crm": ("crm_company", "crm_contact"),
    "erp": ("erp_account", "erp_item", "erp_ar_document", "erp_ar_allocation", "erp_sales_order",
            "erp_sales_order_line", "erp_credit_profile"),
    "steward": ("credit_rule", "match_decision", "fx_rate"),
}
# What tells one run from another, and not one mart from another.
OF_THE_RUN = {"run_id", "built_at", "fingerprint"}


def _account(number: str, name: str, company: str = "") -> dict[str, str]:
    return {"account_id": number, "entity_id": "E1", "account_code": f"D{number}", "name": name,
            "account_type": "open_item", "status": "active", "crm_company_ref": company,
            "email": f"office@{name.split()[0].lower()}.example"}


def _document(number: str, account: str, kind: str, day: str, amount: str,
              due: str = "") -> dict[str, str]:
    sign = "1" if kind == "invoice" else "-1"
    return {"document_id": number, "entity_id": "E1", "account_id": account, "document_type": kind,
            "document_no": f"R-{number}", "document_date": day, "posting_date": day,
            "due_date": due, "currency": "EUR", "exchange_rate": "1", "sign": sign,
            "amount": amount, "base_amount": amount, "status": "posted"}


def _line(number: str, order: str, quantity: str, price: str) -> dict[str, str]:
    return {"order_line_id": number, "order_id": order, "line_no": number[-1], "item_id": "I1",
            "description": "Pump", "uom": "pc", "qty_ordered": quantity, "unit_price": price,
            "fulfilment_type": "stock", "is_closed_short": "false"}


MAY: dict[str, list[dict[str, str]]] = {
    "crm_company": [
        {"company_id": "C1", "name": "Northwind Trading", "domain": "northwind.example"},
        {"company_id": "C2", "name": "Eastgate Supplies", "domain": "eastgate.example"},
        {"company_id": "C3", "name": "Westbrook Foods", "domain": "westbrook.example"}],
    "crm_contact": [{"contact_id": "P1", "company_id": "C1", "last_name": "Berg"}],
    "erp_account": [_account("1", "Northwind Trading", "C1"), _account("2", "Eastgate Supplies")],
    "erp_item": [{"item_id": "I1", "item_code": "PUMP", "name": "Pump", "uom": "pc",
                  "is_stock": "true", "is_service": "false", "status": "active"}],
    "erp_ar_document": [
        _document("1", "1", "invoice", "2026-03-05", "119.00", "2026-04-04"),
        _document("2", "1", "receipt", "2026-04-10", "40.00"),
        _document("3", "2", "invoice", "2026-05-20", "250.00", "2026-06-19")],
    "erp_ar_allocation": [
        {"allocation_id": "1", "debit_document_id": "1", "credit_document_id": "2",
         "allocation_date": "2026-04-10", "amount": "40.00", "credit_amount": "40.00",
         "base_amount": "40.00"}],
    "erp_sales_order": [
        {"order_id": "1", "entity_id": "E1", "account_id": "1", "order_no": "S-1",
         "order_date": "2026-05-02", "status": "released", "currency": "EUR",
         "exchange_rate": "1"}],
    "erp_sales_order_line": [_line("11", "1", "2", "50.00")],
    "erp_credit_profile": [
        {"account_id": "1", "valid_from": "2026-01-01", "credit_limit": "100.00",
         "limit_currency": "EUR", "on_hold": "false", "bypass": "false"}],
    "credit_rule": [{"rule": "over_limit", "scope": "default", "action": "block"}],
    "match_decision": [
        {"account_source": "ledger", "account_id": "2", "company_source": "crm",
         "company_id": "C2", "decision": "confirm", "decided_by": "Ada Berg",
         "decided_on": "2026-05-01"}],
    "fx_rate": [{"from_currency": "USD", "to_currency": "EUR", "rate_date": "2026-03-01",
                 "rate": "0.92"}],
}
JUNE: dict[str, list[dict[str, str]]] = MAY | {
    # C3 is gone, C1 was renamed, C4 is new.
    "crm_company": [
        {"company_id": "C1", "name": "Northwind Trading Ltd", "domain": "northwind.example"},
        MAY["crm_company"][1],
        {"company_id": "C4", "name": "Southfield Tools", "domain": "southfield.example"}],
    "erp_account": [*MAY["erp_account"], _account("3", "Southfield Tools", "C4")],
    # Document 5 has an amount that is no number.
    "erp_ar_document": [
        *MAY["erp_ar_document"],
        _document("4", "3", "invoice", "2026-06-12", "1000.00", "2026-07-12"),
        _document("5", "3", "invoice", "2026-06-13", "12.x0"),
        _document("6", "2", "receipt", "2026-06-25", "250.00")],
    "erp_ar_allocation": [
        *MAY["erp_ar_allocation"],
        {"allocation_id": "2", "debit_document_id": "3", "credit_document_id": "6",
         "allocation_date": "2026-06-25", "amount": "250.00", "credit_amount": "250.00",
         "base_amount": "250.00"}],
    "erp_sales_order_line": [*MAY["erp_sales_order_line"], _line("12", "1", "3", "20.00")],
}


class Company:
    """A company in a folder: deliver to it, look at what its data folder holds."""

    def __init__(self, root: Path) -> None:
        """Write the configuration into `root`."""
        self.root = root
        self.config = root / "company.yaml"
        self.data = root / "data"
        root.mkdir(parents=True, exist_ok=True)
        self.configure()

    def configure(self, **settings: Any) -> None:
        """Write the configuration, with some settings of its own."""
        stated = {"company": "Small company", "reporting_currency": "EUR", "data_dir": "data",
                  "keep_publications": 1, "max_bad_rows_pct": 50, "max_row_loss_pct": 50,
                  "sources": [self._source(role) for role in ROLES]} | settings
        self.config.write_text(yaml.safe_dump(stated, sort_keys=False), encoding="utf-8")

    @staticmethod
    def _source(role: str) -> dict[str, Any]:
        tables: dict[str, Any] = {
            table: {"from": table, "columns": {c: c for c in _columns(table)}}
            for table in ROLES[role]}
        if role == "erp":
            tables["erp_entity"] = {"rows": [{
                "entity_id": "E1", "name": "Northern Ledger", "base_currency": "EUR",
                "fiscal_year_start_month": 1}]}
        return {"name": "ledger" if role == "erp" else role, "role": role,
                "connection": {"type": "files", "path": role},
                "load_date": {"file_name": r"\.(\d{4}-\d{2}-\d{2})\."},
                "extracts": {table: {"files": f"{table}.*.csv"} for table in ROLES[role]},
                "tables": tables}

    def deliver(self, delivery: Delivery, day: str) -> None:
        """Put a whole delivery of that day beside what was delivered before."""
        for role, tables in ROLES.items():
            for table in tables:
                self.deliver_table(role, table, delivery[table], day)

    def deliver_table(self, role: str, table: str, rows: Sequence[Mapping[str, str]],
                      day: str) -> Path:
        """Put one extract of that day there."""
        path = self.root / role / f"{table}.{day}.csv"
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, _columns(table), restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return path

    @property
    def current(self) -> Path:
        """The database that readers open."""
        return self.data / "publications" / "current" / "customer360.duckdb"

    def save(self, aside: Path) -> None:
        """Keep a copy of the data folder."""
        shutil.copytree(self.data, aside, symlinks=True)

    def restore(self, aside: Path) -> None:
        """Put a kept copy of the data folder back."""
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.copytree(aside, self.data, symlinks=True)


def _columns(table: str) -> list[str]:
    rows = [*MAY[table], *JUNE[table]]
    return list(dict.fromkeys(column for row in rows for column in row))


# -- what is compared --------------------------------------------------------------------------


def contents(database: Path) -> dict[str, str]:
    """One hash for each mart over its rows in order, without what belongs to the run alone."""
    found = {}
    with duckdb.connect(str(database), read_only=True) as con:
        for (mart,) in con.execute("select table_name from duckdb_tables()").fetchall():
            names = [d[0] for d in con.execute(f"describe {mart}").fetchall()]
            kept = ", ".join(n for n in names if n not in OF_THE_RUN)
            rows = con.execute(f"select {kept} from {mart} order by all").fetchall()
            found[mart] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


def assert_whole(database: Path) -> str:
    """The version opens and is what its own mart_info says; its publication id."""
    with duckdb.connect(str(database), read_only=True) as con:
        one = con.execute("select publication_id, row_counts, control_totals from mart_info")
        name, counts, totals = one.fetchall()[0]
        for mart, stated in json.loads(counts).items():
            assert con.execute(f"select count(*) from {mart}").fetchall() == [(stated,)], mart
        for column, stated in json.loads(totals).items():
            mart, amount = column.split(".")
            summed = con.execute(f"select sum({amount}) from {mart}").fetchall()[0][0]
            assert summed == Decimal(stated), column
    return str(name)


def loads(data: Path) -> dict[str, Any]:
    """Every landed load as its manifest states it, but for the hour of its landing."""
    found = {}
    for path in sorted((data / "landing" / "loads").rglob("*.json")):
        stated = json.loads(path.read_text(encoding="utf-8"))
        found[str(path.relative_to(data))] = stated | {"landed_at": None}
    return found


def blobs(data: Path) -> dict[str, str]:
    """Every kept blob with the hash of its bytes."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest()
            for p in (data / "landing" / "blobs").rglob("*") if p.is_file()}


def files(data: Path) -> set[str]:
    """Every file of a data folder but Dagster's own and dbt's."""
    return {str(p.relative_to(data)) for p in data.rglob("*")
            if (p.is_symlink() or p.is_file()) and p.relative_to(data).parts[0] != "dagster"
            and "target" not in p.relative_to(data).parts}


def unbalanced(data: Path) -> list[Any]:
    """Rows of law 2 that do not balance, in the build that was published last."""
    with duckdb.connect(str(data / "build" / "private.duckdb"), read_only=True) as con:
        return con.execute("select * from landed.balance_check where difference <> 0").fetchall()
