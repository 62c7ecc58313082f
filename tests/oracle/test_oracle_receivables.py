"""Ageing, account by account and customer by customer, against the oracle."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import pytest

from .conftest import DEFAULT_DAY, Marts
from .key_figures import KeyFigures
from .receivables import BUCKETS, ageing, ageing_by_profile, control_totals, rate
from .records import World
from .sales import REPORTING

AMOUNTS = ("outstanding", *BUCKETS, "unallocated_credit", "overdue", "disputed")
EXACT, CENT = Decimal(0), Decimal("0.01")
COLUMNS: dict[str, Decimal] = {
    **dict.fromkeys(AMOUNTS, EXACT),
    **{f"{name}_base": EXACT for name in AMOUNTS if name != "disputed"},
    # Each item is rounded when it is converted; an account has a few dozen of them at most.
    **{f"{name}_reporting": CENT for name in AMOUNTS if name != "disputed"},
    "oldest_days": EXACT,
}


def with_zeros(rows: dict) -> dict:
    """A column in which nothing stands is zero."""
    return {
        key: {column: figures.get(column, Decimal(0)) for column in COLUMNS}
        for key, figures in rows.items()
    }


def test_ageing_of_every_account(world: World, marts: Marts, differences: Callable) -> None:
    oracle = with_zeros(ageing(world, marts.day))
    mart = marts.table("ar_ageing", "account_key", "currency")
    assert oracle
    found = differences(oracle, mart, COLUMNS)
    assert not found, f"as of {marts.day}\n{found}"


def test_ageing_of_every_customer(world: World, marts: Marts, differences: Callable) -> None:
    customers: dict = defaultdict(lambda: defaultdict(Decimal, oldest_days=0))
    for (account, currency), figures in ageing(world, marts.day).items():
        total = customers[marts.customer_of[account], currency]
        for column in COLUMNS:
            if column != "oldest_days":
                total[column] += figures.get(column, Decimal(0))
        total["oldest_days"] = max(total["oldest_days"], figures["oldest_days"])
    mart = marts.table("ar_ageing_by_customer", "customer_id", "currency")
    # Base amounts are null where the accounts of a customer keep several base currencies.
    columns = {name: slack for name, slack in COLUMNS.items() if not name.endswith("_base")}
    found = differences(customers, mart, columns)
    assert not found, f"as of {marts.day}\n{found}"


def test_last_payment_of_every_customer(
    world: World, marts: Marts, differences: Callable
) -> None:
    """Also of those that owe nothing."""
    paid: dict = defaultdict(lambda: defaultdict(Decimal))
    for document in world.documents.values():
        came_in = -document.sign * document.amount
        if document.kind == "receipt" and came_in > 0 and document.exists(marts.day):
            on = document.document_date
            factor = rate(world, document.currency, REPORTING, on)
            assert factor is not None
            paid[marts.customer_of[document.account]][on] += came_in * factor
    oracle = {
        (customer,): {"last_payment_date": max(days), "last_payment_reporting": days[max(days)]}
        for customer, days in paid.items()
    }
    mart = {
        key: row for key, row in marts.table("customer_360", "customer_id").items()
        if row["last_payment_date"] is not None
    }
    assert any(not mart[key]["outstanding_reporting"] for key in oracle)
    columns = {"last_payment_date": EXACT, "last_payment_reporting": CENT}
    found = differences(oracle, mart, columns)
    assert not found, f"as of {marts.day}\n{found}"


@pytest.fixture(scope="module")
def oracle_at(world: World) -> Callable[[date], dict]:
    return cache(lambda day: with_zeros(ageing(world, day)))


def test_ageing_of_every_account_at_every_month_end(
    world: World, oracle_at: Callable, marts: Marts, differences: Callable
) -> None:
    """From the month of the first document on, whatever the date of the run."""
    history: dict = defaultdict(dict)
    for (day, *key), row in marts.table(
        "ar_ageing_history", "as_of_date", "account_key", "currency"
    ).items():
        history[day][tuple(key)] = row
    first = min(document.starts for document in world.documents.values())
    days = list(month_ends(first, marts.day))
    assert len(days) > 12
    assert not set(history) - set(days)
    for day in days:
        found = differences(oracle_at(day), history[day], COLUMNS)
        assert not found, f"as of {marts.day}, at the end of {day}\n{found}"


def test_ageing_of_every_account_by_every_profile(
    world: World, marts: Marts, differences: Callable
) -> None:
    oracle = ageing_by_profile(world, marts.day)
    assert {"day", "month"} <= {row["unit"] or "day" for row in world.ageing_profiles}
    mart = marts.table("ar_ageing_buckets", "profile", "account_key", "currency", "bucket_no")
    found = differences(oracle, mart, dict.fromkeys(("amount", "amount_base", "open_items"), EXACT))
    assert not found, f"as of {marts.day}\n{found}"


EFFECTIVENESS = "collection_effectiveness_pct"
CENTS, HUNDREDTH = Decimal("0.05"), Decimal("0.02")
KEY_FIGURES = {
    # Each of some thousand items is rounded when it is converted.
    **dict.fromkeys(
        ("outstanding", "receivables", "not_due", "overdue", "d90_plus", "receivables_opening",
         "invoiced_year", "invoiced_month"), CENTS),
    **dict.fromkeys(
        ("days_sales_outstanding", "best_possible_days_sales_outstanding",
         "average_days_delinquent", EFFECTIVENESS, "over_90_pct", "days_to_pay",
         "days_to_pay_trend"), HUNDREDTH),
    "paid_invoices": EXACT,
    "window_days": EXACT,
}


@pytest.fixture(scope="module")
def key_figures_at(world: World, oracle_at: Callable, publications: dict) -> Callable[[date], dict]:
    """Customers are those of today, whatever the date."""
    return cache(KeyFigures(world, oracle_at, publications[DEFAULT_DAY].customer_of).at)


def test_key_figures_of_every_month_end(
    world: World, key_figures_at: Callable, marts: Marts, differences: Callable
) -> None:
    """Of the firm, its ledgers and its customers."""
    figures: dict = defaultdict(dict)
    for (day, *level), row in marts.table(
        "credit_kpis", "as_of_date", "level", "entity_key", "customer_id"
    ).items():
        figures[day][tuple(level)] = row
    first = min(document.starts for document in world.documents.values())
    days = {*month_ends(first, marts.day), marts.day}
    assert not set(figures) - days
    for day in sorted(days):
        expected = key_figures_at(day)
        for level, row in figures[day].items():
            if abs(expected.get(level, row).get("to_collect", CENTS)) < CENTS:
                # Rounding alone decides whether there was anything to collect.
                row = row | {EFFECTIVENESS: expected[level][EFFECTIVENESS]}
                figures[day][level] = row
        found = differences(expected, figures[day], KEY_FIGURES)
        assert not found, f"as of {marts.day}, at the end of {day}\n{found}"


def month_ends(first: date, last: date) -> Iterator[date]:
    day = first
    while True:
        day = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        if day > last:
            return
        yield day
        day += timedelta(days=1)


@pytest.mark.parametrize("day", [date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)], ids=str)
def test_the_oracle_itself_agrees_with_the_general_ledger(world: World, day: date) -> None:
    """The ledgers deliver their control accounts: an oracle that misread a rule would miss them."""
    ours = {
        key: (figures["balance"], figures["base"])
        for key, figures in control_totals(world, day).items()
        if figures["balance"] or figures["base"]
    }
    theirs = {
        (row.entity, row.control_account, row.currency): (row.balance, row.base)
        for row in world.control_balances
        if row.day == day and (row.balance or row.base)
    }
    assert ours == theirs
