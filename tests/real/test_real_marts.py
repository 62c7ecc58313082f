"""The marts built from extracts nobody here wrote say what is known, or recomputed, of them."""

import calendar
import csv
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from real_rows import SHARED_DATA, rows_of

AMOUNTS = ("outstanding", "not_due", "d1_30", "d31_60", "d61_90", "d90_plus", "overdue", "disputed")
FIGURES = (*AMOUNTS, "oldest_days")

pytestmark = pytest.mark.skipif(
    not SHARED_DATA.is_dir(), reason=f"the real extracts are not there: {SHARED_DATA}")


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


def test_each_year_has_the_sales_of_its_orders_in_every_view(
        shop: duckdb.DuckDBPyConnection) -> None:
    sold: dict[int, Decimal] = {}
    for row in rows_of("sales_salesorderheader"):
        year = int(row["OrderDate"][:4])
        sold[year] = sold.get(year, Decimal(0)) + Decimal(row["SubTotal"])
    del sold[2014]
    views = shop.sql(
        "select 'customer' as dimension, fiscal_year, sum(ytd), sum(prior_full_year) "
        "from top_customers group by all union all "
        "select dimension, fiscal_year, sum(ytd), sum(prior_full_year) "
        "from sales_by_dimension group by all").fetchall()
    assert sorted(views) == sorted(
        (dimension, year, total, sold.get(year - 1, Decimal(0)))
        for dimension in ("customer", "group", "territory", "salesperson")
        for year, total in sold.items())
    assert shop.sql("select count(*) from sales_by_dimension where fiscal_year = 2013 "
                    "and dimension = 'territory' and member <> '(none)'").fetchall() == [(10,)]


def test_every_line_sold_and_every_line_shipped_is_in_its_history(
        shop: duckdb.DuckDBPyConnection) -> None:
    """64 lines of all years state no price; those of a sale in 2014 are not there yet."""
    orders = {row["SalesOrderID"]: row for row in rows_of("sales_salesorderheader")}
    sold, shipped, unpriced, pieces = 0, 0, 0, 0
    for line in rows_of("sales_salesorderdetail"):
        order = orders[line["SalesOrderID"]]
        if order["OrderDate"] < "2014":
            sold += 1
            unpriced += not line["UnitPrice"]
        if order["ShipDate"] and order["ShipDate"] < "2014":
            shipped += 1
            pieces += int(line["OrderQty"])
    assert shop.sql("select count(*), count(*) filter (net_amount is null) "
                    "from purchase_history").fetchall() == [(sold, unpriced)]
    assert shop.sql("select count(*), sum(quantity) from shipping_history"
                    ).fetchall() == [(shipped, pieces)]
    # The net of these three orders is 0.0002 less than that of their lines.
    assert shop.sql("select count(distinct document_key), sum(net_base) from purchase_history "
                    "where customer_name = 'Westside Plaza' and year(posting_date) = 2013"
                    ).fetchall() == [(3, Decimal("418802.4507"))]


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
    for mart in ("ar_open_items", "ar_ageing", "credit_hold", "payment_history"):
        assert shop.sql(f"select count(*) from {mart}").fetchall() == [(0,)]


Figures = dict[str, Decimal | int]


def recomputed(as_of: date) -> dict[str, Figures]:
    """By account: open invoices by days overdue, and what of them is disputed, from the extract
    alone."""
    accounts: dict[str, Figures] = {}
    for row in invoices():
        invoiced, due, settled = (date.fromisoformat(row[c]) for c in (
            "InvoiceDate", "DueDate", "SettledDate"))
        if not invoiced <= as_of < settled:
            continue
        found = accounts.setdefault(row["customerID"], dict.fromkeys(FIGURES, Decimal(0)))
        days = max((as_of - due).days, 0)
        bucket = next(name for name, last in (
            ("not_due", 0), ("d1_30", 30), ("d31_60", 60), ("d61_90", 90), ("d90_plus", days))
            if days <= last)
        amount = Decimal(row["InvoiceAmount"])
        for name, counts in ((bucket, True), ("outstanding", True), ("overdue", days > 0),
                             ("disputed", row["Disputed"] == "Yes")):
            found[name] += amount * counts
        found["oldest_days"] = max(found["oldest_days"], days)
    return accounts


def invoices() -> list[dict[str, str]]:
    path = SHARED_DATA / "invoices_settled" / "accounts_receivable.csv"
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_every_month_end_ages_each_account_as_recomputed(
        ledger: duckdb.DuckDBPyConnection) -> None:
    months = ledger.sql("select distinct as_of_date from ar_ageing_history order by 1").fetchall()
    # From the first invoice's to the last one's, and the default date.
    assert [day for (day,) in months] == [
        date(year, month, calendar.monthrange(year, month)[1])
        for year in (2012, 2013) for month in range(1, 13)]
    for (day,) in months:
        found = ledger.execute(
            f"select account_code, {', '.join(FIGURES)} from ar_ageing_history "
            "where as_of_date = ?", [day]).fetchall()
        assert {code: dict(zip(FIGURES, figures, strict=True)) for code, *figures in found
                } == recomputed(day), day


def test_every_mart_of_the_default_date_adds_up_to_the_open_invoices(
        ledger: duckdb.DuckDBPyConnection) -> None:
    day = date(2013, 12, 31)
    sums = [sum(figures[name] for figures in recomputed(day).values()) for name in AMOUNTS]
    assert sums[0] > 0
    for mart in ("ar_ageing", "ar_ageing_by_customer", "ar_ageing_by_group"):
        columns = ", ".join(f"sum({name})" for name in AMOUNTS)
        assert ledger.sql(f"select {columns} from {mart}").fetchall() == [tuple(sums)]
    assert ledger.sql("select sum(residual), min(as_of_date), max(as_of_date) "
                      "from ar_open_items").fetchall() == [(sums[0], day, day)]


def test_each_invoice_settled_by_then_is_a_payment_with_its_days(
        ledger: duckdb.DuckDBPyConnection) -> None:
    settled = {(row["invoiceNumber"], Decimal(row["InvoiceAmount"]), int(row["DaysToSettle"]))
               for row in invoices() if row["SettledDate"] <= "2013-12-31"}
    assert len(settled) > 2_000
    found = ledger.sql("select document_no, amount, days_to_pay from payment_history").fetchall()
    assert len(found) == len(settled)
    assert set(found) == settled
    assert set(ledger.sql("select document_no, amount, days_to_pay from invoice_history "
                          "where payment_status = 'paid'").fetchall()) == settled
