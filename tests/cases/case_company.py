"""The cases as one company: each is an account of its own in contract-shaped CSV files.

A case states rows of contract tables and, by mart, the rows that follow. Every value is text, as in
a file. `T` is the as-of date, `T+1` the day after it; ids hold within their case, and `$` stands
for what makes them its own. Not here: any rule of the marts.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

import schemas

HERE = Path(__file__).parent
T = date(2028, 2, 29)
DEBITS = ("invoice", "refund", "finance_charge", "payment_return")
OWN_IDS = {
    "account_code", "account_id", "allocation_id", "bill_to_account_id", "campaign_id",
    "case_id", "company_id", "contract_id", "cost_id", "credit_document_id",
    "debit_document_id", "dispute_id", "document_id", "document_no", "event_id", "group_id",
    "line_id", "opportunity_id", "order_id", "order_line_id", "order_no", "ordering_account_id",
    "owner_user_id", "parent_account_id", "parent_campaign_id", "promise_id", "return_id",
    "return_line_id", "shipment_id", "shipment_line_id", "user_id"}

Row = dict[str, str]
Rows = dict[str, list[Row]]


@dataclass(frozen=True)
class Run:
    """What a run is asked for: a date, and how the default ageing is read."""

    as_of_date: date = T
    ageing_basis: str = "due_date"
    ageing_credits: str = "separate"

    @classmethod
    def of(cls, words: str) -> "Run":
        """`expect T+1 aged document_date`: what is not said stays as it is configured."""
        stated: dict[str, Any] = {}
        for word in words.split()[1:]:
            if word in ("document_date", "posting_date"):
                stated["ageing_basis"] = word
            elif word == "aged":
                stated["ageing_credits"] = word
            else:
                stated["as_of_date"] = date.fromisoformat(day(word))
        return cls(**stated)


@dataclass(frozen=True)
class Case:
    """One case: rows of extracts in, rows of marts out, for one run or several."""

    name: str
    source: str
    given: Rows
    expected: dict[Run, Rows]

    @property
    def prefix(self) -> str:
        """What stands before each of its ids."""
        return prefix(self.name)


def prefix(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower()).strip("-") + "."


def day(text: str) -> str:
    """`T`, `T+1` and `T-30` as a date, an hour behind it kept; any other text as it is."""
    if found := re.fullmatch(r"T([+-]\d+)?( \d\d:\d\d:\d\d)?", text):
        return str(T + timedelta(days=int(found[1] or 0))) + (found[2] or "")
    return text


def cases() -> list[Case]:
    """Every case of every file."""
    found = []
    for path in sorted(HERE.glob("*.yaml")):
        if path.stem != "common":
            found += [_case(stated) for stated in _load(path)]
    names = [case.prefix for case in found]
    assert len(names) == len(set(names)), sorted(names)
    return found


def _load(path: Path) -> Any:
    return yaml.load(path.read_bytes(), yaml.BaseLoader)


def _case(stated: dict[str, Any]) -> Case:
    name, source = stated["case"], stated.get("source", "ledger")
    own = prefix(name)
    given = {table: [_own(row, own) for row in rows] for table, rows in stated.items()
             if table in schemas.TABLES}
    given.setdefault("erp_account", [{"account_id": own + "A"}])
    expected = {Run.of(words): {mart: [_own(row, own) for row in rows]
                                for mart, rows in marts.items()}
                for words, marts in stated.items() if words.startswith("expect")}
    unknown = set(stated) - set(given) - {"case", "source"}
    assert all(key.startswith("expect") for key in unknown), (name, unknown)
    assert expected, name
    return Case(name, source, given, expected)


def _own(row: Row, own: str) -> Row:
    return {column: own + value if column in OWN_IDS and value not in ("", "*")
            else day(value.replace("$", own)) for column, value in row.items()}


class Company:
    """What all the cases deliver together: by source and table, rows with nothing left out."""

    def __init__(self, stated: list[Case]) -> None:
        common = _load(HERE / "common.yaml")
        self.defaults: Rows = common["defaults"]
        self.tables: dict[str, Rows] = {source: {} for source in common["settlement"]}
        for source, tables in common["rows"].items():
            for table, rows in tables.items():
                self._add(source, table, [_own(row, "") for row in rows])
        for case in stated:
            for table, rows in case.given.items():
                self._add(self._source(case, table), table, self._complete(case, table, rows))
        self.settlement: Mapping[str, str] = common["settlement"]

    @staticmethod
    def _source(case: Case, table: str) -> str:
        role = schemas.TABLES[table].role
        return case.source if role == "erp" else {"crm": "front", "steward": "desk"}[role]

    def _add(self, source: str, table: str, rows: list[Row]) -> None:
        self.tables.setdefault(source, {}).setdefault(table, []).extend(rows)

    def _complete(self, case: Case, table: str, rows: list[Row]) -> Iterator[Row]:
        default = {c: day(v) for c, v in self.defaults.get(table, {}).items()}
        for number, stated in enumerate(rows):
            row = default | stated
            for column in OWN_IDS & default.keys() - stated.keys():
                row[column] = case.prefix + default[column]
            fill = getattr(self, f"_fill_{table}", None)
            if fill:
                fill(case, row, number)
            yield row

    @staticmethod
    def _fill_erp_account(case: Case, row: Row, number: int) -> None:
        row.setdefault("account_code", row["account_id"])
        row.setdefault("name", row["account_id"])

    @staticmethod
    def _fill_erp_ar_document(case: Case, row: Row, number: int) -> None:
        row.setdefault("document_no", row["document_id"])
        row.setdefault("sign", "1" if row["document_type"] in DEBITS else "-1")
        row.setdefault("base_amount", _times(row["amount"], row["exchange_rate"]))

    @staticmethod
    def _fill_erp_ar_installment(case: Case, row: Row, number: int) -> None:
        row.setdefault("installment_no", str(number + 1))
        row.setdefault("base_amount", row["amount"])

    @staticmethod
    def _fill_erp_ar_allocation(case: Case, row: Row, number: int) -> None:
        row.setdefault("allocation_id", f"{case.prefix}{number}")
        row.setdefault("credit_amount", str(
            Decimal(row["amount"]) - Decimal(row.get("discount_amount") or 0)))
        [rate] = [document.get("exchange_rate", "1") for document in case.given["erp_ar_document"]
                  if document["document_id"] == row["credit_document_id"]]
        row.setdefault("base_amount", _times(row["amount"], rate))

    @staticmethod
    def _fill_crm_order(case: Case, row: Row, number: int) -> None:
        row.setdefault("order_number", row["order_id"])

    @staticmethod
    def _fill_crm_quote(case: Case, row: Row, number: int) -> None:
        row.setdefault("quote_number", row["quote_id"])

    @staticmethod
    def _fill_erp_sales_order(case: Case, row: Row, number: int) -> None:
        row.setdefault("order_no", row["order_id"])

    @staticmethod
    def _fill_erp_sales_order_line(case: Case, row: Row, number: int) -> None:
        row.setdefault("order_line_id", f"{row['order_id']}/{number + 1}")
        row.setdefault("line_no", str(number + 1))

    def write(self, folder: Path) -> Path:
        """Write the extracts and the configuration; the configuration's path."""
        sources = []
        for source, tables in self.tables.items():
            (folder / source).mkdir(parents=True)
            for table, rows in tables.items():
                _write(folder / source / f"{table}_{T}.csv", rows)
            settlement = self.settlement.get(source)
            sources.append({
                "name": source, "connection": {"type": "files", "path": source},
                "role": {"front": "crm", "desk": "steward"}.get(source, "erp"),
                "load_date": {"file_name": r"_(\d{4}-\d{2}-\d{2})\."},
                "extracts": {table: {"files": f"{table}_2*.csv"} for table in tables},
                "tables": {table: {"from": table} for table in tables},
                **({"settlement": settlement} if settlement else {})})
        configuration = folder / "customer360.yaml"
        configuration.write_text(yaml.safe_dump({
            "company": "Cases", "reporting_currency": "EUR", "data_dir": "data",
            "max_bad_rows_pct": 0, "sources": sources}, sort_keys=False), encoding="utf-8")
        return configuration


def _times(amount: str, rate: str) -> str:
    return str((Decimal(amount) * Decimal(rate)).quantize(Decimal("0.0001")).normalize())


def _write(path: Path, rows: list[Row]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
