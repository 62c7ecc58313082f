"""Extracts of an invented company at a scale: the same bytes for the same scale and seed.

Scale 1: 10,000 companies, 12,000 accounts, 120,000 orders with 400,000 lines, 110,000 invoices with
380,000 lines, 96,000 receipts, 110,000 shipments, 20,000 quotes. The values are made in
`extracts*.sql`. Not here: any measurement.
"""

import json
import shutil
from pathlib import Path

import duckdb
import yaml

import schemas

# In this order: each rests on those before it.
SQL = [Path(__file__).with_name(f"extracts{part}.sql") for part in ("", "_trade", "_crm")]
SEED = 2026
FIRST_DELIVERY, SECOND_DELIVERY = "2026-06-30", "2026-07-01"
COUNTS = {"companies": 10_000, "accounts": 12_000, "orders": 120_000, "items": 2_000}
# Fewer, and there is nothing to join.
LEAST = 20
FOLDERS = {"crm": ["crm_company", "crm_contact", "crm_user", "crm_activity", "crm_campaign",
                   "crm_campaign_member", "crm_opportunity", "crm_quote", "crm_quote_line",
                   "crm_order", "crm_order_line", "crm_service_contract", "crm_case"],
           "erp": ["erp_entity", "erp_account", "erp_credit_profile", "erp_payment_terms",
                   "erp_item", "erp_tax_rate", "erp_price", "erp_stock", "erp_list_value",
                   "erp_ar_document", "erp_ar_document_line", "erp_ar_allocation",
                   "erp_gl_control_balance", "erp_dispute", "erp_promise", "erp_sales_order",
                   "erp_sales_order_line", "erp_shipment", "erp_shipment_line", "erp_return",
                   "erp_return_line", "erp_service_cost", "fx_rate"],
           "steward": ["credit_rule", "exposure_policy", "ageing_profile", "dunning_policy"]}
# What receivables alone rest on.
LEDGER_FOLDERS = {"crm": ["crm_company"],
                  "erp": ["erp_entity", "erp_account", "erp_payment_terms", "erp_ar_document",
                          "erp_ar_allocation", "fx_rate"],
                  "steward": ["ageing_profile"]}
PARTS = {"whole": FOLDERS, "ageing": LEDGER_FOLDERS}
# By default: the smallest company that shows anything, and a million documents.
SCALES = {"whole": 1.0, "ageing": 4.75}
# What the second delivery changes: a text that no figure depends on, in one row of a hundred.
CHANGED = {"erp_sales_order": "po_number", "erp_sales_order_line": "description",
           "erp_ar_document": "po_number", "erp_ar_document_line": "description"}


def counts(scale: float) -> dict[str, int]:
    """How many there are of what the other tables follow from."""
    return {name: max(LEAST, round(count * scale)) for name, count in COUNTS.items()}


def write(folder: Path, scale: float, seed: int = SEED, *, part: str = "whole") -> Path:
    """Write the extracts of a company below `folder`; its configuration file.

    A folder that holds just these extracts is left as it is.
    """
    stamp = folder / "made.json"
    made = {"scale": scale, "seed": seed, "part": part, "duckdb": duckdb.__version__,
            "sql": "\n".join(path.read_text(encoding="utf-8") for path in SQL)}
    configuration = folder / "customer360.yaml"
    if not stamp.exists() or json.loads(stamp.read_bytes()) != made:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        scratch = folder / "scratch.duckdb"
        with duckdb.connect(str(scratch)) as con:
            for name, value in {"seed": seed, **counts(scale)}.items():
                con.execute(f"set variable {name} = {value}")
            con.execute(made["sql"])
            for source, tables in PARTS[part].items():
                (folder / source).mkdir()
                for table in tables:
                    con.execute(f"copy (from {table} order by all) to "
                                f"'{_file(folder, source, table, FIRST_DELIVERY)}' (header)")
        scratch.unlink()
        stamp.write_text(json.dumps(made))
    configuration.write_text(yaml.safe_dump(_configuration(PARTS[part]), sort_keys=False))
    return configuration


def write_changes(folder: Path) -> None:
    """Lay down a second, incremental delivery: one row of a hundred of the big tables, changed."""
    for table, column in CHANGED.items():
        key = schemas.TABLES[table].key[0]
        target = _file(folder, "erp", table, SECOND_DELIVERY)
        first = _file(folder, "erp", table, FIRST_DELIVERY)
        duckdb.execute(
            f"copy (select * replace ('changed' as {column}) from read_csv('{first}', "
            f"all_varchar = true) where hash({key}) % 100 = 0 and {key} not like 'BAD%') "
            f"to '{target}' (header)")
        manifest = target.with_name(f"{target.name}.manifest.json")
        manifest.write_text(json.dumps({"mode": "incremental"}))


def remove_changes(folder: Path) -> None:
    """Take the second delivery away again."""
    for path in folder.rglob(f"*_{SECOND_DELIVERY}.csv*"):
        path.unlink()


def _file(folder: Path, source: str, table: str, day: str) -> Path:
    return folder / source / f"{table}_{day}.csv"


def delivered(folder: Path) -> dict[str, tuple[str, Path]]:
    """The source and the file of each contract table's first delivery."""
    files = {table: (source, _file(folder, source, table, FIRST_DELIVERY))
             for source, tables in FOLDERS.items() for table in tables}
    return {table: (source, file) for table, (source, file) in files.items() if file.exists()}


def _configuration(folders: dict[str, list[str]]) -> dict[str, object]:
    sources = []
    for source, tables in folders.items():
        sources.append({
            "name": source, "role": source, "connection": {"type": "files", "path": source},
            "load_date": {"file_name": r"_(\d{4}-\d{2}-\d{2})\."},
            "extracts": {table: {"files": f"{table}_2*.csv", "key": list(schemas.TABLES[table].key)}
                         for table in tables},
            "tables": {table: {"from": table} for table in tables}})
    return {"company": "Bench", "reporting_currency": "EUR", "data_dir": "data",
            "as_of_date": FIRST_DELIVERY, "sources": sources}
