"""The marts built from extracts nobody here wrote say what is known, or recomputed, of them."""

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from dagster_project import settings

HERE = Path(__file__).parent
SHARED_DATA = settings.PROJECT.parent / "shared" / "data"
CUSTOMER360 = Path(sys.executable).with_name("customer360")
DATES = (date(2012, 12, 31), date(2013, 6, 30))

pytestmark = pytest.mark.skipif(
    not SHARED_DATA.is_dir(), reason=f"the real extracts are not there: {SHARED_DATA}")


def run(name: str, data: Path, *arguments: str) -> None:
    done = subprocess.run(
        [CUSTOMER360, "run", "--quiet", "--config", HERE / f"{name}.yaml", *arguments],
        env={**os.environ, "SHARED_DATA": str(SHARED_DATA), "DATA_DIR": str(data)},
        capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    data = tmp_path_factory.mktemp("adventureworks")
    run("adventureworks", data)
    mart = data / "publications" / "current" / "customer360.duckdb"
    with duckdb.connect(str(mart), read_only=True) as con:
        yield con


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("settled")
    for day in DATES:
        run("invoices_settled", data, "--as-of", day.isoformat())
    return data / "as_of"


def test_the_orders_not_yet_shipped_are_the_unprocessed_ones(
        shop: duckdb.DuckDBPyConnection) -> None:
    """Every order's status is a later one: only the day of shipment tells."""
    [(orders, total, unpriced)] = shop.sql(
        "select count(distinct order_key), sum(order_total), count(*) filter (open_net is null) "
        "from unprocessed_orders").fetchall()
    assert (orders, total, unpriced) == (612, Decimal("3409252.7536"), 1)


def test_the_largest_store_of_2013_leads_with_its_three_orders(
        shop: duckdb.DuckDBPyConnection) -> None:
    [(customer, name, ytd)] = shop.sql(
        "select customer_id, customer_name, ytd from top_customers "
        "where fiscal_year = 2013 and rank = 1").fetchall()
    assert (name, ytd) == ("Westside Plaza", Decimal("418802.4507"))
    invoices = shop.execute(
        "select count(*) from invoice_history where customer_id = ? "
        "and document_date between date '2013-01-01' and date '2013-12-31'", [customer]).fetchall()
    assert invoices == [(3,)]


def test_each_store_is_linked_to_its_accounts_by_the_stored_key_and_to_nothing_else(
        shop: duckdb.DuckDBPyConnection) -> None:
    with (SHARED_DATA / "adventureworks" / "sales_store.csv").open(newline="") as lines:
        stores = {f"front/{row['BusinessEntityID']}" for row in csv.DictReader(lines)}
    linked = shop.sql("select company_key, customer_group, match_tier, count(*) "
                      "from trading_accounts where company_key is not null group by all").fetchall()
    assert {(group, tier) for _, group, tier, _ in linked} == {("store", "cross_reference")}
    assert {company for company, *_ in linked} == stores
    assert sorted(count for *_, count in linked) == [1] * 66 + [2] * 635
    assert shop.sql("select count(*) from trading_accounts").fetchall() == [(19_820,)]


def test_a_source_without_settlement_has_no_receivables_and_no_hold(
        shop: duckdb.DuckDBPyConnection) -> None:
    for mart in ("ar_open_items", "ar_ageing", "credit_hold"):
        assert shop.sql(f"select count(*) from {mart}").fetchall() == [(0,)]


def recomputed(as_of: date) -> dict[str, Decimal]:
    """Open invoices by days overdue, and what of them is disputed, from the extract alone."""
    found = dict.fromkeys(
        ("not_due", "d1_30", "d31_60", "d61_90", "d90_plus", "disputed"), Decimal(0))
    with (SHARED_DATA / "invoices_settled" / "accounts_receivable.csv").open(newline="") as lines:
        for row in csv.DictReader(lines):
            invoiced, due, settled = (date.fromisoformat(row[c]) for c in (
                "InvoiceDate", "DueDate", "SettledDate"))
            if not invoiced <= as_of < settled:
                continue
            overdue = (as_of - due).days
            bucket = next(name for name, last in (
                ("not_due", 0), ("d1_30", 30), ("d31_60", 60), ("d61_90", 90),
                ("d90_plus", overdue)) if overdue <= last)
            found[bucket] += Decimal(row["InvoiceAmount"])
            found["disputed"] += Decimal(row["InvoiceAmount"]) * (row["Disputed"] == "Yes")
    return found


@pytest.mark.parametrize("as_of", DATES, ids=str)
def test_open_invoices_and_their_buckets_are_those_recomputed(ledger: Path, as_of: date) -> None:
    expected = recomputed(as_of)
    with duckdb.connect(str(ledger / str(as_of) / "customer360.duckdb"), read_only=True) as con:
        for mart in ("ar_ageing", "ar_ageing_by_customer", "ar_ageing_by_group"):
            sums = ", ".join(f"sum({name})" for name in expected)
            [found] = con.sql(f"select {sums}, sum(outstanding) from {mart}").fetchall()
            assert found[:-1] == tuple(expected.values())
            assert found[-1] == sum(expected.values()) - expected["disputed"]
        assert con.sql("select sum(residual), min(as_of_date), max(as_of_date) "
                       "from ar_open_items").fetchall() == [(found[-1], as_of, as_of)]
