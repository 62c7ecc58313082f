"""Letters, the work list and statements of account against the oracle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from .collecting import balances, rounds
from .conftest import Marts
from .records import World

EXACT, CENT = Decimal(0), Decimal("0.01")
ASKED = ("overdue", "disputed", "promised", "asked", "credits", "interest", "fee", "to_pay")


def test_every_letter_that_is_due_and_no_other(
    world: World, marts: Marts, differences: Callable
) -> None:
    oracle = {
        key: row for key, row in rounds(world, marts.day).items() if row["waits_because"] is None
    }
    mart = marts.table("collection_letters", "account_key", "currency")
    assert oracle
    exact = dict.fromkeys((*ASKED, "level", "last_level", "oldest_days"), EXACT)
    found = differences(oracle, mart, exact)
    assert not found, f"as of {marts.day}\n{found}"


def test_the_work_list_and_why_no_letter_goes_out(
    world: World, marts: Marts, differences: Callable
) -> None:
    oracle: dict = defaultdict(lambda: defaultdict(Decimal))
    for (account, _), row in rounds(world, marts.day).items():
        total = oracle[(account,)]
        # Nobody in the demo is late in two currencies.
        assert "waits_because" not in total
        total["waits_because"] = row["waits_because"]
        for column in ("chaseable_reporting", "priority_reporting"):
            total[column] += row[column]
    mart = marts.table("collections_worklist", "account_key")
    # Each item is rounded when it is converted, and weighted up to eightfold after that.
    columns = {"waits_because": EXACT, "chaseable_reporting": CENT, "priority_reporting": CENT}
    found = differences(oracle, mart, columns)
    assert not found, f"as of {marts.day}\n{found}"
    ranked = sorted(mart.values(), key=lambda row: row["rank"])
    priorities = [row["priority_reporting"] for row in ranked]
    assert priorities == sorted(priorities, reverse=True)


def test_statements_open_and_close_with_the_balance_of_their_days(
    world: World, marts: Marts
) -> None:
    before = balances(world, marts.day.replace(day=1) - timedelta(days=1))
    after = balances(world, marts.day)
    mart = marts.table("customer_statement_headers", "account_key", "currency")
    opened = {key: row["opening_balance"] for key, row in mart.items() if row["opening_balance"]}
    closed = {key: row["closing_balance"] for key, row in mart.items() if row["closing_balance"]}
    assert closed == after
    # Who owed something before the month and nothing moved since still owes it.
    assert opened == before
