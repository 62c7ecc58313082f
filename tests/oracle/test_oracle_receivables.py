"""Ageing, account by account and customer by customer, against the oracle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from .conftest import Marts
from .receivables import BUCKETS, ageing, control_totals
from .records import World

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
