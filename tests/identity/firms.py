"""Companies and accounts as the landing accepts them, a few columns at a time."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from dagster_project import identity
from dagster_project.store import Store

SHARED = ("source", "name", "legal_name", "vat_number", "registration_number", "website", "email",
          "phone", "address_line1", "address_line2", "city", "postcode", "country_code")
COLUMNS = {
    "crm_company": (*SHARED, "company_id", "domain", "erp_account_ref"),
    "erp_account": (*SHARED, "account_id", "entity_id", "account_code", "crm_company_ref"),
    "crm_contact": ("source", "company_id", "email")}
Row = Mapping[str, str | None]
Pairs = dict[tuple[str, str], dict[str, object]]


def company(company_id: str, **columns: str | None) -> Row:
    """A company of the CRM `crm`, in Germany where nothing else is said."""
    return {"source": "crm", "company_id": company_id, "country_code": "DE", **columns}


def account(account_id: str, **columns: str | None) -> Row:
    """An account of ledger 1 of the ERP `erp`, in Germany where nothing else is said."""
    return {"source": "erp", "account_id": account_id, "entity_id": "1",
            "account_code": f"K{account_id}", "country_code": "DE", **columns}


def accepted(store: Store, table: str, rows: Sequence[Row], load: str = "1") -> Path:
    """An accepted file of `rows`, all of one source."""
    source = str(rows[0]["source"]) if rows else "none"
    path = store.accepted / source / table / load / "accepted.parquet"
    path.parent.mkdir(parents=True)
    given = pa.table({c: pa.array([row.get(c) for row in rows], pa.string())
                      for c in COLUMNS[table]})
    with duckdb.connect() as con:
        con.register("given", given)
        con.execute(f"copy given to '{path}' (format parquet)")
    return path


def features(store: Store, **tables: Sequence[Row]) -> list[Path]:
    """Feature files of rows by contract table."""
    return identity.write_features(
        store, {table: [accepted(store, table, rows)] for table, rows in tables.items() if rows})


def pairs(root: Path, companies: Sequence[Row], accounts: Sequence[Row],
          contacts: Sequence[Row] = ()) -> Pairs:
    """Scored pairs by the ids of their two sides."""
    store = Store(root)
    files = identity.write_pairs(store, features(
        store, crm_company=companies, erp_account=accounts, crm_contact=contacts))
    if not files:
        return {}
    with duckdb.connect() as con:
        rows = con.execute(f"from read_parquet('{files[0]}')").fetchall()
        names = [d[0] for d in con.description or ()]
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return {(str(row["left_id"]), str(row["right_id"])): row for row in found}
