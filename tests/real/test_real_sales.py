"""What a shop's customers bought, and what follows, recomputed from its extracts alone.

Up to the end of 2013 a sale is a row of its order table, worth its SubTotal; whatever was ordered
was invoiced on the same day. No line states a cost, and nothing was credited.
"""

import math
from bisect import bisect
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations, pairwise
from statistics import median
from typing import NamedTuple

import duckdb
import pytest
from real_rows import SHARED_DATA, rows_of

DAY = date(2013, 12, 31)
# A sale of which the lines do not say all has a rest, without an item group.
TENTH_OF_A_CENT = Decimal("0.001")

pytestmark = pytest.mark.skipif(
    not SHARED_DATA.is_dir(), reason=f"the real extracts are not there: {SHARED_DATA}")


class Line(NamedTuple):
    item: str
    quantity: int
    net: Decimal | None


class Sale(NamedTuple):
    customer: str
    day: date
    net: Decimal
    lines: list[Line]


@pytest.fixture(scope="module")
def sales(shop: duckdb.DuckDBPyConnection) -> list[Sale]:
    customer_of = dict(shop.sql("select account_key, customer_id from trading_accounts").fetchall())
    found = {row["SalesOrderID"]: Sale(customer_of[f"back/{row['CustomerID']}"],
                                       date.fromisoformat(row["OrderDate"][:10]),
                                       Decimal(row["SubTotal"]), [])
             for row in rows_of("sales_salesorderheader") if row["OrderDate"] < "2014"}
    for row in rows_of("sales_salesorderdetail"):
        if row["SalesOrderID"] in found:
            net = Decimal(row["LineTotal"]) if row["UnitPrice"] else None
            found[row["SalesOrderID"]].lines.append(
                Line(row["ProductID"], int(row["OrderQty"]), net))
    return list(found.values())


@pytest.fixture(scope="module")
def products() -> dict[str, dict[str, str]]:
    return {row["ProductID"]: row for row in rows_of("production_product")}


def test_what_is_bought_of_a_group_how_often_and_when_next(
        shop: duckdb.DuckDBPyConnection, sales: list[Sale], products: dict[str, dict[str, str]]
) -> None:
    groups = {row["ProductSubcategoryID"]: row["Name"]
              for row in rows_of("production_productsubcategory")}
    values: dict[tuple[str, str], dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    vague = set()
    for sale in sales:
        for line in sale.lines:
            key = (sale.customer, groups[products[line.item]["ProductSubcategoryID"]])
            values[key][sale.day] += line.net or 0
            if line.net is None:
                vague.add(key)
    months, rhythms = {}, {}
    for key, by_day in values.items():
        days = sorted(by_day)
        middle = (Fraction(median([(b - a).days for a, b in pairwise(days)]))
                  if len(days) > 2 else None)
        rhythms[key] = (
            days[0], days[-1], len(days), middle and Decimal(float(middle)),
            middle and days[-1] + timedelta(math.floor(middle + Fraction(1, 2))),
            middle and (DAY - days[-1]).days > 2 * middle)
        for day, value in by_day.items():
            where = (*key, day.replace(day=1))
            months[where] = months.get(where, 0) + value
    found = {(customer, group): rhythm for customer, group, *rhythm in shop.sql(
        "select distinct customer_id, item_group, first_purchase_date, last_purchase_date, "
        "purchase_days_ever, median_interval_days, expected_next_order, is_lapsed "
        "from buying_trends where item_group is not null").fetchall()}
    assert len(vague) < 100 < 1_000 < sum(rhythm[4] is not None for rhythm in rhythms.values())
    assert {key: tuple(row) for key, row in found.items() if key not in vague} == {
        key: row for key, row in rhythms.items() if key not in vague}
    bought = {tuple(where): value for *where, value in shop.sql(
        "select customer_id, item_group, month, value_reporting from buying_trends "
        "where item_group is not null and orders > 0").fetchall() if tuple(where[:2]) not in vague}
    assert bought.keys() == {where for where in months if where[:2] not in vague}
    assert all(abs(value - months[where]) <= TENTH_OF_A_CENT for where, value in bought.items())


def test_a_season_is_told_only_of_whom_buys_in_three_months_of_each_year(
        shop: duckdb.DuckDBPyConnection) -> None:
    regular = shop.sql(
        "select customer_id, item_group from buying_trends where orders > 0 group by all having "
        "count(*) filter (year(month) = 2012) >= 3 and count(*) filter (year(month) = 2013) >= 3 "
        "and min(month) <= date '2012-01-01' order by all").fetchall()
    assert regular
    assert shop.sql("select distinct customer_id, item_group from buying_trends "
                    "where seasonal_index is not null order by all").fetchall() == regular


def quotient(count: int, of: int) -> Decimal:
    return (Decimal(count) / of).quantize(Decimal("0.00000001"), ROUND_HALF_UP)


def test_what_is_bought_together_is_counted_basket_by_basket(
        shop: duckdb.DuckDBPyConnection, sales: list[Sale]) -> None:
    single, both = Counter[str](), Counter[tuple[str, str]]()
    for sale in sales:
        items = sorted({f"back/{line.item}" for line in sale.lines})
        assert 0 < len(items) <= 100
        single.update(items)
        both.update(combinations(items, 2))
    expected = {}
    for pair, count in both.items():
        for one, other in (pair, pair[::-1]):
            if count >= 3 and count * 500 >= len(sales) and count * 10 >= single[one]:
                expected[one, other] = (
                    count, single[one], single[other], len(sales),
                    quotient(count, len(sales)), quotient(count, single[one]),
                    quotient(count * len(sales), single[one] * single[other]))
    found = {(one, other): figures for one, other, *figures in shop.sql(
        "select item_key, other_item_key, baskets_with_both, baskets_with_item, "
        "baskets_with_other, all_baskets, support, confidence, lift from item_rules").fetchall()}
    assert len(expected) > 10_000
    assert {pair: tuple(figures) for pair, figures in found.items()} == expected


def test_each_customer_is_offered_the_five_surest_that_are_sold_and_not_theirs(
        shop: duckdb.DuckDBPyConnection, sales: list[Sale], products: dict[str, dict[str, str]]
) -> None:
    owned: dict[str, set[str]] = defaultdict(set)
    for sale in sales:
        owned[sale.customer] |= {f"back/{line.item}" for line in sale.lines}
    sold = {f"back/{key}" for key, row in products.items() if not row["SellEndDate"]}
    leads_to: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for place, (one, other) in enumerate(shop.sql(
            "select item_key, other_item_key from item_rules where lift > 1 order by confidence "
            "desc, lift desc, support desc, other_item_key, item_code").fetchall()):
        if other in sold:
            leads_to[one].append((place, other))
    expected = set()
    for customer, items in owned.items():
        surest: dict[str, int] = {}
        for item in items:
            for place, other in leads_to[item]:
                if other not in items:
                    surest[other] = min(place, surest.get(other, place))
        best = sorted(surest, key=lambda other: surest[other])[:5]
        expected |= {(customer, rank, item) for rank, item in enumerate(best, start=1)}
    assert len(expected) > 10_000
    assert set(shop.sql("select customer_id, rank, item_key from cross_sell").fetchall()
               ) == expected


def test_every_customer_has_the_segment_of_its_own_figures(
        shop: duckdb.DuckDBPyConnection, sales: list[Sale]) -> None:
    days: dict[str, set[date]] = defaultdict(set)
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for sale in sales:
        days[sale.customer].add(sale.day)
        totals[sale.customer] += sale.net
    expected = {}
    for customer, bought in days.items():
        recency = 5 - bisect((31, 91, 181, 366), (DAY - max(bought)).days)
        frequency = 1 + bisect((2, 3, 6, 12), len(bought))
        value = 1 + bisect((100, 500, 2_500, 10_000), totals[customer] / len(bought))
        if recency >= 3:
            segment = ("champion" if recency >= 4 and frequency >= 4 and value >= 4
                       else "loyal" if frequency >= 4 else "big_spender" if value >= 4
                       else "new" if recency >= 4 and frequency == 1 else "regular")
        elif recency == 2:
            segment = "at_risk" if max(frequency, value) >= 4 else "lapsing"
        else:
            segment = "lost"
        expected[customer] = (segment, recency, frequency, value, totals[customer])
    found = shop.sql("select customer_id, segment, recency_score, frequency_score, value_score, "
                     "sales_lifetime_reporting from customer_segments").fetchall()
    assert {segment for segment, *_ in expected.values()} == {
        "champion", "loyal", "big_spender", "new", "regular", "at_risk", "lapsing", "lost"}
    assert {customer: tuple(figures) for customer, *figures in found} == expected


def test_the_sales_of_a_month_leave_no_profit_where_nobody_says_what_they_cost(
        shop: duckdb.DuckDBPyConnection, sales: list[Sale]) -> None:
    expected: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for sale in sales:
        expected[sale.customer, sale.day.replace(day=1)] += sale.net
    found = shop.sql("select customer_id, month, net_sales_reporting, margin_reporting, "
                     "profit_reporting, costed_share, cost_to_serve_reporting "
                     "from customer_profitability").fetchall()
    assert {(customer, month): net for customer, month, net, *_ in found} == expected
    assert {row[3:] for row in found} == {(None, None, None, Decimal(0))}


def test_every_account_pays_the_list_price_for_what_it_bought_and_is_still_sold(
        shop: duckdb.DuckDBPyConnection, products: dict[str, dict[str, str]]) -> None:
    account_of = {row["SalesOrderID"]: row["CustomerID"]
                  for row in rows_of("sales_salesorderheader") if row["OrderDate"] < "2014"}
    expected = {
        (f"back/{account_of[line['SalesOrderID']]}", f"back/{line['ProductID']}"):
            Decimal(products[line["ProductID"]]["ListPrice"])
        for line in rows_of("sales_salesorderdetail")
        if line["SalesOrderID"] in account_of and not products[line["ProductID"]]["SellEndDate"]}
    found = shop.sql("select account_key, item_key, net_price, price_rule, currency, min_qty "
                     "from customer_prices").fetchall()
    assert {(account, item): price for account, item, price, *_ in found} == expected
    assert len(found) == len(expected) > 40_000
    assert {row[3:] for row in found} == {("item_price", "USD", Decimal(0))}
