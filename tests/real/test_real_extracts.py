"""Extracts nobody here wrote go through by configuration alone, and their control totals hold."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from dagster_project import pipeline, settings
from dagster_project.pipeline import SourceResult

HERE = Path(__file__).parent
SHARED_DATA = settings.PROJECT.parent / "shared" / "data"

pytestmark = pytest.mark.skipif(
    not SHARED_DATA.is_dir(), reason=f"the real extracts are not there: {SHARED_DATA}")


def landed(name: str, data: Path) -> dict[str, SourceResult]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHARED_DATA", str(SHARED_DATA))
        patch.setenv("DATA_DIR", str(data))
        configuration = settings.load(HERE / f"{name}.yaml")
        return {s.name: pipeline.land_source(configuration, s) for s in configuration.sources}


@pytest.fixture(scope="module")
def adventureworks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, SourceResult]]:
    return landed("adventureworks", tmp_path_factory.mktemp("adventureworks"))


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> SourceResult:
    return landed("invoices_settled", tmp_path_factory.mktemp("settled"))["ledger"]


def rows(result: SourceResult, table: str, columns: str) -> list[tuple]:
    path = result.tables[table].accepted_path
    return duckdb.sql(f"select {columns} from read_parquet('{path}') as t").fetchall()


@pytest.mark.parametrize("table", ["erp_sales_order", "erp_ar_document"])
def test_orders_and_the_invoices_read_from_them_keep_the_control_totals(
        adventureworks: dict[str, SourceResult], table: str) -> None:
    back = adventureworks["back"]
    total = {"erp_sales_order": "total", "erp_ar_document": "amount"}[table]
    accounts = dict(rows(back, "erp_account", "account_id, customer_group"))
    found: dict[str, list[Decimal]] = {}
    for account, amount in rows(back, table, f"account_id, {total}"):
        found.setdefault(accounts[account], []).append(amount)
    assert {group: (len(amounts), sum(amounts)) for group, amounts in found.items()} == {
        "store": (3_806, Decimal("90775446.9931")),
        "individual": (27_659, Decimal("32441339.1228"))}


@pytest.mark.parametrize("table", ["erp_sales_order_line", "erp_ar_document_line"])
def test_a_line_without_a_price_is_a_fact(
        adventureworks: dict[str, SourceResult], table: str) -> None:
    lines = rows(adventureworks["back"], table, "unit_price, net_amount")
    assert len(lines) == 121_317
    assert sum(price is None and net is None for price, net in lines) == 64
    assert sum(price is None or net is None for price, net in lines) == 64


def test_every_order_has_one_shipment_with_all_its_lines(
        adventureworks: dict[str, SourceResult]) -> None:
    back = adventureworks["back"]
    assert back.tables["erp_shipment"].accepted == 31_465
    assert (sorted(rows(back, "erp_shipment_line", "order_line_id, shipment_id, qty"))
            == sorted(rows(back, "erp_sales_order_line", "order_line_id, order_id, qty_ordered")))


def test_each_store_is_known_by_one_or_two_accounts(
        adventureworks: dict[str, SourceResult]) -> None:
    stores = {id_ for id_, in rows(adventureworks["front"], "crm_company", "company_id")}
    linked = [ref for ref, in rows(adventureworks["back"], "erp_account", "crm_company_ref")]
    by_store = {store: linked.count(store) for store in stores}
    assert len(stores) == 701
    assert len(linked) - linked.count(None) == sum(by_store.values()) == 1_336
    assert sorted(by_store.values()) == [1] * 66 + [2] * 635


def test_every_row_balances_and_none_is_quarantined(
        adventureworks: dict[str, SourceResult], settled: SourceResult) -> None:
    for result in (*adventureworks.values(), settled):
        assert all(balance[7] == 0 for balance in result.load_balances)
        for checked in result.tables.values():
            assert checked.balances
            assert checked.accepted == checked.mapped


def test_each_settled_invoice_is_an_invoice_a_receipt_and_an_allocation(
        settled: SourceResult) -> None:
    with (SHARED_DATA / "invoices_settled" / "accounts_receivable.csv").open(newline="") as lines:
        stated = list(csv.DictReader(lines))
    total = sum(Decimal(r["InvoiceAmount"]) for r in stated)
    assert len(stated) == 2_466
    documents = rows(settled, "erp_ar_document", "document_type, amount, document_id")
    for kind in ("invoice", "receipt"):
        assert sum(a for t, a, _ in documents if t == kind) == total
    assert sum(a for a, in rows(settled, "erp_ar_allocation", "amount")) == total
    # Invoice numbers begin with zeros.
    assert ({id_ for kind, _, id_ in documents if kind == "invoice"}
            == {r["invoiceNumber"] for r in stated})
    assert settled.tables["erp_account"].accepted == 100
    [disputes] = settled.tables["erp_dispute"].inputs
    assert disputes["mapped"] == sum(r["Disputed"] == "Yes" for r in stated)
    assert disputes["mapped"] + disputes["filtered"] == disputes["driving"] == 2_466
